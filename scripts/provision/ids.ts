import type { Environment } from "../cloudflare/environment.ts";
import type { Found } from "./found.ts";
import { poolOf } from "./steps.ts";
import type { Wanted } from "./wanted.ts";

/** A binding whose id in `wrangler.toml` is not that of the account. */
export interface IdToPut {
  table: "kv_namespaces" | "hyperdrive";
  binding: string;
  id: string;
}

/** Ids that the account gave and `wrangler.toml` has not. */
export function idsToPut({ namespaces, pools }: Wanted, found: Found): IdToPut[] {
  return [
    ...namespaces.flatMap(({ binding, id, title }) => {
      const there = found.namespaces.some((namespace) => namespace.id === id)
        ? undefined
        : found.namespaces.find((namespace) => namespace.title === title);
      return there ? [{ table: "kv_namespaces" as const, binding, id: there.id }] : [];
    }),
    ...pools.flatMap((wanted) => {
      const there = poolOf(wanted, found);
      if (!there) return [];
      return wanted.bindings
        .filter(({ id }) => id !== there.id)
        .map(({ binding }) => ({ table: "hyperdrive" as const, binding, id: there.id }));
    }),
  ];
}

/** The same as `wrangler.toml` has to say it, a table for each. */
export const tablesOf = ({ environment }: Environment, ids: IdToPut[]): string =>
  ids
    .map(({ table, binding, id }) => `[[env.${environment}.${table}]]\nbinding = "${binding}"\nid = "${id}"`)
    .join("\n\n");
