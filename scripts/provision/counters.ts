import type { Environment } from "../cloudflare/environment.ts";

/** Rate limits that count together, which a namespace of the account does wherever it is named, each in a sentence. */
export function sharedCounters(environments: Environment[]): string[] {
  const users = new Map<string, string[]>();
  for (const { environment, counters } of environments) {
    for (const { name, id } of counters) {
      users.set(id, [...(users.get(id) ?? []), `${name} of ${environment || "dev"}`]);
    }
  }
  return [...users].flatMap(([id, names]) =>
    names.length < 2
      ? []
      : [`${names.join(" and ")} count together: give each a namespace_id of its own instead of ${id}.`],
  );
}
