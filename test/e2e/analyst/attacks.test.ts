import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../../setup/harness.ts";
import { fillHistory } from "../../setup/reporting-history.ts";
import { type Analyst, connectAnalyst } from "./analyst.ts";
import { ATTACKS } from "./attacks.ts";

let stack: Stack;
let mallory: Analyst;
let before: unknown;

/** Everything that a statement could have changed: rows, objects, roles with their settings, and what sessions keep. */
async function stateOf({ sql }: Stack): Promise<unknown> {
  const tables = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('tracksolid', 'reporting', 'tickets', 'fuel')
      and c.relname not in ('ingestion_log') order by 1`;
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await sql.unsafe(
        `select count(*)::int as rows, coalesce(sum(hashtext(t::text)::bigint), 0)::text as sum from ${name} t`,
      );
      return [name, row];
    }),
  );
  // Other tests on the same server have databases and roles of their own, with settings.
  const [catalog] = await sql`
    select (select count(*)::int from pg_class where relnamespace <> 'pg_toast'::regnamespace) as objects,
      (select count(*)::int from pg_proc) as functions, (select count(*)::int from pg_collation) as collations,
      (select count(*)::int from pg_largeobject_metadata) as large_objects,
      (select json_agg(json_build_array(setdatabase, setrole::regrole, setconfig) order by 1::text) from pg_db_role_setting
        where setdatabase = (select oid from pg_database where datname = current_database())
          or setdatabase = 0 and setrole::regrole::text like 'analytics_ro%')::text as settings,
      (select json_agg(json_build_array(rolname, rolsuper, rolconnlimit) order by rolname) from pg_roles
        where rolname like 'analytics_ro%')::text as roles,
      (select count(*)::int from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())) as advisory_locks,
      (select count(*)::int from pg_stat_activity where usename = 'analytics_ro' and datname = current_database() and state like 'idle in transaction%') as held`;
  return { rows, catalog };
}

beforeAll(async () => {
  // What would take for ever is seen to end just as well; a cell of 100 MB is made in seconds on a busy machine.
  stack = await startStack({ vars: { ANALYST_STATEMENT_S: "8", ANALYST_DAY_S: "100000" } });
  const to = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000);
  await fillHistory(stack.sql, {
    imeis: Array.from({ length: 10 }, (_, n) => `86000000000${1_000 + n}`),
    from: new Date(to.getTime() - 3 * 86_400_000),
    to,
  });
  await stack.sql`analyze`;
  before = await stateOf(stack);
  mallory = await connectAnalyst(stack, { name: "Mallory" });
});

afterAll(async () => {
  await mallory?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

describe("a statement that tries", () => {
  it.for(ATTACKS)("$what", async ({ sql, params, maxRows, refused, answered }) => {
    const answer = await mallory.query(sql, { params, max_rows: maxRows });
    if (refused) {
      expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(refused) });
      return;
    }
    expect(answer.text).not.toBe("");
    expect(answer.body).toMatchObject({
      row_count: answered?.rowCount,
      truncated: answered?.truncatedBy !== undefined,
      ...(answered?.truncatedBy && { truncated_by: answered.truncatedBy }),
    });
    expect(answer.body.rows).toHaveLength(answered?.rowCount ?? 0);
  });

  it("changes nothing of the database, and keeps nothing in a session", async () => {
    expect(await stateOf(stack)).toEqual(before);
  });

  it("leaves a record of each, and its text nowhere else", async () => {
    const rows = await expect
      .poll(() => stack.sql`select statement, outcome, reason from private.audit where analyst = 'Mallory'`, {
        timeout: 15_000,
      })
      .toHaveLength(ATTACKS.length)
      .then(() => stack.sql`select statement, outcome from private.audit where analyst = 'Mallory'`);
    expect(new Set(rows.map(({ statement }) => statement))).toEqual(new Set(ATTACKS.map(({ sql }) => sql)));
    expect(stack.logs()).not.toContain("drop table");
    expect(stack.logs()).not.toContain("generate_series");
  });
});
