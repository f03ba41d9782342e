import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withoutComments } from "../../scripts/sql-modules/without-comments.ts";
import { READING_KINDS, readingsQuery } from "../../workers/api/readings/kinds.ts";
import { createDatabase } from "../setup/database.ts";
import { makeSharedToken } from "../setup/earlier/session.ts";

it.each([
  ["a comment of a line", "select 1 -- one\n  , 2", "select 1\n, 2"],
  ["comments above and below", "-- what\n-- why\nselect 1\n\n-- end", "select 1"],
  ["a comment between words", "select/* all */1", "select 1"],
  ["a comment of several lines", "select 1/*\n -- 'no text\n*/ + 1", "select 1  + 1"],
  ["an operator that begins like one", "select 3 - -1, a->>'b'", "select 3 - -1, a->>'b'"],
  ["a text", "select '--  no''t /* one */\n  '  -- x", "select '--  no''t /* one */\n  '"],
  ["an escaped text", String.raw`select E'\'-- a', 'b\' -- c`, String.raw`select E'\'-- a', 'b\'`],
  ["a text after a word with e", String.raw`select date'\' -- c`, String.raw`select date'\'`],
  ["a name in quotes", 'select 1 as "a -- ""b"" "  -- c', 'select 1 as "a -- ""b"" "'],
  ["dollar quotes", "do $$ -- a\n  $x$ $$ -- b", "do $$ -- a\n  $x$ $$"],
  ["dollar quotes with a word", "do $q$ -- a $$ $Q$ $q$  -- b", "do $q$ -- a $$ $Q$ $q$"],
  ["parameters", "select $1::int, $2 -- $3\n, $1", "select $1::int, $2\n, $1"],
  ["a name with a dollar", "select a$b$ -- c\n, d$b$", "select a$b$\n, d$b$"],
])("takes comments and margins from a statement with %s", (_, sql, shortened) => {
  expect(withoutComments(sql)).toBe(shortened);
});

it("refuses a comment in a comment, which goes on after the first end", () => {
  expect(() => withoutComments("select /* a /* b */ c */ 1")).toThrow(
    "A comment inside a comment: /* a /* b */",
  );
});

/** What asks for insights and for readings is put together of these. */
const PARTS = /insights\/(rules\/|bars\.sql|daily\.sql)|api\/readings\//;

it("leaves every statement of the Worker one that Postgres takes, with parameters of the same types", async () => {
  await using database = await createDatabase("migrated");
  await makeSharedToken(database.sql);
  const connection = await database.sql.reserve();
  const folders = ["workers", "durable-objects", "shared"];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true }))
        .filter((name) => name.endsWith(".sql") && !PARTS.test(name))
        .map((name) => join(folder, name)),
    ),
  );
  const prepared = async (sql: string) => {
    await connection.unsafe(`prepare tried as ${sql}`);
    const [row] =
      await connection`select parameter_types::text from pg_prepared_statements where name = 'tried'`;
    await connection`deallocate tried`;
    return row?.parameter_types;
  };
  let shorter = 0;
  for (const file of files.flat()) {
    const sql = await readFile(file, "utf8");
    const shortened = withoutComments(sql);
    expect(await prepared(shortened), file).toBe(await prepared(sql));
    shorter += sql.length - shortened.length;
  }
  const readings = (name: string) => readFile(join("workers/api/readings", name), "utf8");
  const [newest, page] = [await readings("newest.sql"), await readings("page.sql")];
  for (const kind of READING_KINDS) {
    const shortened = readingsQuery(kind, withoutComments(newest), withoutComments(page));
    expect(await prepared(shortened), kind).toBe(await prepared(readingsQuery(kind, newest, page)));
  }
  connection.release();
  expect(shorter).toBeGreaterThan(0);
});
