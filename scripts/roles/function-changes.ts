import type postgres from "postgres";
import { identifier } from "../database/quote.ts";
import type { Change } from "./change.ts";
import { dangerousFunctions, type FunctionFamily } from "./dangerous-functions.ts";

interface Found {
  family: string;
  signature: string;
  /** Who may call it; PUBLIC is empty. */
  callers: string[];
}

const readFunctions = (sql: postgres.TransactionSql) => sql<Found[]>`
  select f.family, p.oid::regprocedure::text as signature, array(
    select coalesce(r.rolname, '')
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a left join pg_roles r on r.oid = a.grantee
  ) as callers
  from jsonb_to_recordset(${sql.json([...dangerousFunctions])}) f (family text, names text, extension text)
  join pg_proc p on p.proname ~ f.names and p.prokind in ('f', 'p')
  left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  left join pg_extension e on e.oid = d.refobjid
  where case when f.extension is null then p.pronamespace = 'pg_catalog'::regnamespace or e.oid is not null
    else e.extname = f.extension end
  order by 2`;

/** What takes the dangerous functions from PUBLIC, a change per family, and leaves some to those who need them. */
export async function functionChanges(
  sql: postgres.TransactionSql,
  kept: { family: FunctionFamily; roles: string[] }[],
): Promise<Change[]> {
  const found = await readFunctions(sql);
  return dangerousFunctions.flatMap((dangerous) => {
    const { family, why } = dangerous;
    const functions = found.filter((one) => one.family === family);
    const open = functions.filter(({ callers }) => callers.includes(""));
    const change = (listed: Found[], line: string, verb: string, whom: string): Change[] =>
      listed.length === 0
        ? []
        : [
            {
              topic: "extension" in dangerous ? "extension" : "function",
              line: `functions (${family}): ${line}`,
              statement: `${verb} execute on routine ${listed.map(({ signature }) => signature).join(", ")} ${whom}`,
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
