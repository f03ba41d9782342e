import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import { partRoles, type RoleDefinition } from "./definition.ts";
import type { Membership, ServerRole } from "./server-role.ts";

interface Wanted {
  name: string;
  /** Of those that it becomes to read less it has nothing before. */
  inherits: boolean;
}

/**
 * What makes a role a member of its groups and of its parts, and of no others, and lets it make nobody else a member.
 * @param version As `server_version_num`.
 */
export function membershipChanges(
  role: RoleDefinition,
  existing: ServerRole | undefined,
  version: number,
  roles: RoleDefinition[],
): Change[] {
  const wanted: Wanted[] = [
    ...(role.kind === "login" ? role.memberOf : []).map((name) => ({ name, inherits: true })),
    ...partRoles(roles).flatMap(({ name, of }) => (of === role.name ? [{ name, inherits: false }] : [])),
  ];
  const groups = existing?.groups ?? [];
  const member = identifier(role.name);
  // Before 16 a membership has no grantor that counts, and no options but one.
  const detailed = version >= 160_000;
  const isRight = ({ name, admin, inherits, sets }: Membership) =>
    wanted.some((one) => one.name === name && (one.inherits === inherits || !detailed)) && !admin && sets;
  const change = (line: string, statement: string): Change => ({
    topic: "role",
    line: `${role.name}: ${line}`,
    statement,
  });
  const grant = ({ name, inherits }: Wanted) =>
    `grant ${identifier(name)} to ${member}${detailed ? ` with inherit ${inherits}, set true` : ""}`;
  // Whom it made members loses that, too.
  const revoke = ({ name, grantor }: Membership) =>
    `revoke ${identifier(name)} from ${member}${detailed ? ` granted by ${identifier(grantor)}` : ""} cascade`;
  const isWanted = ({ name }: Membership) => wanted.some((one) => one.name === name);
  const extra = groups.filter((group) => !isWanted(group));
  const wrong = groups.filter((group) => isWanted(group) && !isRight(group));
  const lacking = wanted.filter(({ name }) => !groups.some((one) => one.name === name && isRight(one)));
  return [
    ...extra.map((group) => change(`no longer member of ${group.name}`, revoke(group))),
    ...wanted.flatMap((group) => {
      const mended = wrong.filter(({ name }) => name === group.name);
      if (mended.length > 0) {
        // Another grantor's may be right already.
        const statements = [...mended.map(revoke), ...(lacking.includes(group) ? [grant(group)] : [])];
        return [change(`member of ${group.name} as defined, without admin option`, statements.join("; "))];
      }
      const line = group.inherits ? `member of ${group.name}` : `may become ${group.name}`;
      return lacking.includes(group) ? [change(line, grant(group))] : [];
    }),
  ];
}
