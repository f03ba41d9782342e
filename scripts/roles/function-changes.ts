import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";
import { dangerousFunctions, type FunctionFamily } from "./dangerous-functions.ts";

interface Found {
  family: string;
  signature: string;
  /** Who may call it; PUBLIC is empty. */
  callers: string[];
}

/** All names at once pick the few of a server's thousands of functions that are then told apart: 90 ms otherwise. */
const readFunctions = (sql: postgres.TransactionSql) => sql<Found[]>`
  with p as materialized (
    select oid, proname, proowner, proacl, pronamespace from pg_proc
    where prokind in ('f', 'p') and proname ~ ${dangerousFunctions.map(({ names }) => `(${names})`).join("|")}
  )
  select f.family, p.oid::regprocedure::text as signature, array(
    select coalesce(r.rolname, '')
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a left join pg_roles r on r.oid = a.grantee
  ) as callers
  from jsonb_to_recordset(${sql.json([...dangerousFunctions])}) f (family text, names text, extension text)
  join p on p.proname ~ f.names
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

/**
 * What takes from roles the functions of the server that somebody granted to them, other than those they keep: `pg_read_file`, and
 * whatever else PUBLIC may not call.
 */
export async function grantedFunctionChanges(
  sql: postgres.TransactionSql,
  roles: string[],
  kept: { family: FunctionFamily; roles: string[] }[],
): Promise<Change[]> {
  const dangerous = await readFunctions(sql);
  const granted = await sql<{ role: string; signature: string }[]>`
    select distinct r.rolname as role, p.oid::regprocedure::text as signature
    from pg_proc p cross join aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee and r.oid <> p.proowner
    where r.rolname = any(${roles}) and (
      p.pronamespace = 'pg_catalog'::regnamespace
      or p.oid::regprocedure::text = any(${dangerous.map(({ signature }) => signature)})
    ) order by 2`;
  return roles.flatMap((role) => {
    const families = kept.filter((one) => one.roles.includes(role)).map(({ family }) => family);
    const own = dangerous
      .filter(({ family }) => families.some((one) => one === family))
      .map(({ signature }) => signature);
    const listed = granted.filter((one) => one.role === role && !own.includes(one.signature));
    if (listed.length === 0) return [];
    return [
      {
        topic: "database",
        line: `${role}: no longer functions of the server: ${plainNames(listed)}`,
        statement: `revoke execute on routine ${listed.map(({ signature }) => signature).join(", ")} from ${identifier(role)} cascade`,
      },
    ];
  });
}

/** Names without arguments, each once. */
const plainNames = (functions: { signature: string }[]): string =>
  [...new Set(functions.map(({ signature }) => signature.replace(/\(.*/s, "")))].join(", ");
