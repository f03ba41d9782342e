import type postgres from "postgres";
import { identifier } from "../database/quote.ts";
import type { Change } from "./change.ts";
import { dangerousFunctions, type FunctionFamily } from "./dangerous-functions.ts";

interface Found {
  names: string;
  signature: string;
  /** Who may call it; PUBLIC is empty. */
  callers: string[];
}

const readFunctions = (sql: postgres.TransactionSql) => sql<Found[]>`
  select f.names, p.oid::regprocedure::text as signature, array(
    select coalesce(r.rolname, '')
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a left join pg_roles r on r.oid = a.grantee
  ) as callers
  from unnest(${dangerousFunctions.map(({ names }) => names)}::text[]) f (names)
  join pg_proc p on p.proname ~ f.names and p.prokind = 'f'
  where p.pronamespace = 'pg_catalog'::regnamespace or exists (
    select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
  order by 2`;

/** What takes the dangerous functions from PUBLIC, a change per family, and leaves some to those who need them. */
export async function functionChanges(
  sql: postgres.TransactionSql,
  kept: { family: FunctionFamily; roles: string[] }[],
): Promise<Change[]> {
  const found = await readFunctions(sql);
  return dangerousFunctions.flatMap(({ family, names, why }) => {
    const functions = found.filter((one) => one.names === names);
    const open = functions.filter(({ callers }) => callers.includes(""));
    const change = (listed: Found[], line: string, verb: string, whom: string): Change[] =>
      listed.length === 0
        ? []
        : [
            {
              topic: "function",
              line: `functions (${family}): ${line}`,
              statement: `${verb} execute on function ${listed.map(({ signature }) => signature).join(", ")} ${whom}`,
            },
          ];
    const roles = kept.filter((one) => one.family === family).flatMap((one) => one.roles);
    return [
      ...change(open, `no longer for PUBLIC: ${plainNames(open)}; ${why}`, "revoke", "from public"),
      ...roles.flatMap((role) => {
        const missing = functions.filter(({ callers }) => !callers.includes(role));
        return change(missing, `kept for ${role}`, "grant", `to ${identifier(role)}`);
      }),
    ];
  });
}

/** Names without arguments, each once. */
const plainNames = (functions: Found[]): string =>
  [...new Set(functions.map(({ signature }) => signature.replace(/\(.*/s, "")))].join(", ");
