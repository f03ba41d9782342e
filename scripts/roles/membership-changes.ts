import { identifier } from "../database/quote.ts";
import type { Change } from "./change.ts";
import type { RoleDefinition } from "./definition.ts";
import type { Membership, ServerRole } from "./server-role.ts";

/**
 * What makes a role a member of its groups, and of no others, and lets it make nobody else a member.
 * @param version As `server_version_num`.
 */
export function membershipChanges(
  role: RoleDefinition,
  existing: ServerRole | undefined,
  version: number,
): Change[] {
  const wanted = role.kind === "login" ? role.memberOf : [];
  const groups = existing?.groups ?? [];
  const member = identifier(role.name);
  // Before 16 a membership has no grantor that counts, and no options but one.
  const detailed = version >= 160_000;
  const isRight = ({ name, admin, usable }: Membership) => wanted.includes(name) && !admin && usable;
  const change = (line: string, statement: string): Change => ({
    topic: "role",
    line: `${role.name}: ${line}`,
    statement,
  });
  const grant = (group: string) =>
    `grant ${identifier(group)} to ${member}${detailed ? " with inherit true, set true" : ""}`;
  // Whom it made members loses that, too.
  const revoke = ({ name, grantor }: Membership) =>
    `revoke ${identifier(name)} from ${member}${detailed ? ` granted by ${identifier(grantor)}` : ""} cascade`;
  const extra = groups.filter(({ name }) => !wanted.includes(name));
  const wrong = groups.filter((group) => wanted.includes(group.name) && !isRight(group));
  const lacking = wanted.filter((group) => !groups.some((one) => one.name === group && isRight(one)));
  return [
    ...extra.map((group) => change(`no longer member of ${group.name}`, revoke(group))),
    ...wanted.flatMap((group) => {
      const mended = wrong.filter(({ name }) => name === group);
      if (mended.length > 0) {
        // Another grantor's may be right already.
        const statements = [...mended.map(revoke), ...(lacking.includes(group) ? [grant(group)] : [])];
        return [change(`member of ${group} as defined, without admin option`, statements.join("; "))];
      }
      return lacking.includes(group) ? [change(`member of ${group}`, grant(group))] : [];
    }),
  ];
}
