import type postgres from "postgres";
import { identifier } from "../../shared/quote.ts";
import type { Change } from "./change.ts";

interface Written {
  reader: string;
  sequence: boolean;
  names: string[];
}

const WRITES = ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "USAGE"];

/** So many are named; the rest is counted. */
const NAMED = 5;

/** What takes from readers the rights to change rows that somebody granted them. */
export async function readerChanges(sql: postgres.TransactionSql, readers: string[]): Promise<Change[]> {
  const written = await sql<Written[]>`
    with granted as (
      select oid, relacl as acl from pg_class
      union all select attrelid, attacl from pg_attribute where attacl is not null
    ), written as (
      select distinct r.rolname as reader, c.oid, c.relkind = 'S' as sequence
      from granted g cross join aclexplode(g.acl) a
      join pg_class c on c.oid = g.oid
      join pg_roles r on r.oid = a.grantee and r.oid <> c.relowner
      where r.rolname = any(${readers}) and a.privilege_type = any(${WRITES})
    )
    select reader, sequence, array_agg(oid::regclass::text order by oid::regclass::text) as names
    from written group by reader, sequence order by 1, 2`;
  return written.map(({ reader, sequence, names }) => {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    const rights = sequence ? "usage, update" : "insert, update, delete, truncate, references, trigger";
    return {
      topic: "database",
      line: `${reader}: no longer ${rights} on ${names.slice(0, NAMED).join(", ")}${more}`,
      statement: `revoke ${rights} on ${sequence ? "sequence" : "table"} ${names.join(", ")} from ${identifier(reader)} cascade`,
    };
  });
}
