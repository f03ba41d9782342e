import type { RolesOutcome } from "./apply.ts";
import { describeLimit, type FoundRole } from "./look.ts";
import { describePool, pools } from "./pools.ts";

/** What a person is told of a run of `db:roles`, by line. */
export function tellOutcome(outcome: RolesOutcome, apply: boolean, superuser: boolean): string[] {
  const { done, open, left, cutOff } = outcome;
  const indented = (lines: string[]) => lines.map((line) => `  ${line}`);
  const lines = (changes: { line: string }[]) => indented(changes.map(({ line }) => line));
  const part = (title: string, listed: string[]) => (listed.length === 0 ? [] : [title, ...listed]);
  const heading = apply ? "Done, in one transaction:" : "Would be done, in one transaction:";
  return [
    ...(done.length === 0 ? ["Nothing to do."] : [heading, ...lines(done)]),
    ...part(
      superuser
        ? "Stays open, although this is a superuser: somebody else granted it, and has to take it back:"
        : "Stays open, since this connection is no superuser's or lacks the right:",
      lines(open),
    ),
    ...part(
      "Left as it is. --revoke-functions takes it away, once it is known that no service calls these:",
      lines(left),
    ),
    ...part(
      `${apply ? "May" : "Would"} no longer connect to this database; grant connect to those that are in use:`,
      indented(cutOff),
    ),
  ];
}

/** Roles that are none of ours, with the connections they hold. */
export function tellFound(found: FoundRole[]): string[] {
  if (found.length === 0) return [];
  const lines = found.map((role) => `  ${role.name}: ${describeLimit(role)}, ${role.connections} now`);
  return ["Other roles that log in to this server, not ours to change:", ...lines];
}

/**
 * New passwords, as the URLs they are good for, by role.
 * @param databaseUrl As whom and where the command connected.
 * @param database Its database.
 */
export function urlsOf(
  passwords: Map<string, string>,
  databaseUrl: URL,
  database: string,
): Map<string, string> {
  const urls = [...passwords].map(([role, password]): [string, string] => {
    const url = new URL(databaseUrl);
    url.username = role;
    url.password = password;
    url.pathname = `/${encodeURIComponent(database)}`;
    return [role, url.href];
  });
  return new Map(urls);
}

/** New passwords, shown once. Takes what {@link urlsOf} takes. */
export function tellPasswords(passwords: Map<string, string>, databaseUrl: URL, database: string): string[] {
  if (passwords.size === 0) return [];
  const lines = [...urlsOf(passwords, databaseUrl, database)].flatMap(([role, url]) => {
    const bound = pools.filter((pool) => pool.role === role);
    const uses = bound.map(describePool).join(" and ");
    return [
      `  ${role}  ${url}`,
      ...(bound.length === 0
        ? []
        : [
            `    Hyperdrive has to be told, for ${uses} (the password is pasted unseen, and so is in no history of the shell):`,
            `    read -rs PASSWORD && npx wrangler hyperdrive update <id> --origin-password="$PASSWORD"; unset PASSWORD`,
          ]),
    ];
  });
  return ["New passwords. They are kept nowhere and not shown again:", ...lines];
}
