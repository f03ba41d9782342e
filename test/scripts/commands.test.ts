import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { type Command, databaseCommand, reasonOf } from "../../scripts/command.ts";
import { freePort } from "../../scripts/database/free-port.ts";
import { budgetCommand } from "../../scripts/db-budget.ts";
import { checkCommand } from "../../scripts/db-check.ts";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase } from "../setup/database.ts";

const root = resolve(import.meta.dirname, "../..");

/** A call in a process of its own, without a database. */
const call = (file: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, [join(root, file), ...words], {
    env: { ...process.env, DATABASE_URL: "" },
  })
    .then((output) => ({ ...output, code: 0 }))
    .catch((error: { stdout: string; stderr: string; code: number }) => error);

it("asks for a database, as a process of its own", async () => {
  const said = "Set DATABASE_URL to a direct connection, not through a pooler: --help says as whom.";
  expect(await call("scripts/db-check.ts")).toMatchObject({ code: 2, stdout: "", stderr: `${said}\n` });
  const asked = await call("scripts/db-check.ts", "--json");
  expect(asked).toMatchObject({ code: 2, stdout: `${JSON.stringify({ error: said })}\n` });
});

/** A command of the test's own. */
const commandThat = (run: Command["run"]): Command => ({
  ...{ help: "Help.", options: {}, takes: (words) => words.length === 0, run },
});

it.each<[string, Command["run"], unknown]>([
  [
    "what was found",
    async ({ log, table, result }) => {
      log("words");
      table([{ rows: 1 }]);
      result({ rows: 1 });
      return 0;
    },
    { rows: 1 },
  ],
  ["what it throws", () => Promise.reject(new Error("no such thing")), { error: "no such thing" }],
  [
    "what went wrong",
    async ({ error }) => {
      error("one");
      error("two");
      return 1;
    },
    { error: "one\ntwo" },
  ],
  [
    "what was found before it failed",
    async ({ result }) => {
      result({ rows: 1 });
      throw new Error("too late");
    },
    { rows: 1 },
  ],
])("tells programs %s in one JSON document, and nothing else", async (_, run, document) => {
  const { stdout, stderr } = await callCommand(commandThat(run), ["--json"]);
  expect(JSON.parse(stdout)).toEqual(document);
  expect(stdout.trim()).not.toContain("\n");
  expect(stderr).not.toContain("{");
  expect((await callCommand(commandThat(run), [])).stdout).not.toContain("{");
});

it.each([migrateCommand, checkCommand, rolesCommand, budgetCommand])(
  "says what is wrong where no address of a host answers",
  async (command) => {
    const url = `postgres://postgres@localhost:${await freePort()}/postgres`;
    const { stderr } = await callCommand(command, [], { DATABASE_URL: url });
    expect(stderr).toContain("ECONNREFUSED");
  },
);

it("ends where its database goes away", async () => {
  const database = await createDatabase("empty");
  const sleep = databaseCommand({
    help: "",
    options: {},
    takes: () => true,
    run: async ({ sql }) => (await sql`select pg_sleep(60), ${"a parameter"}::text`).count,
  });
  const sleeping = callCommand(sleep, [], { DATABASE_URL: database.url });
  await expect
    .poll(
      async () =>
        (
          await database.sql`
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and wait_event = 'PgSleep'`
        ).count,
    )
    .toBe(1);
  expect(await sleeping).toMatchObject({ code: 1, stderr: expect.stringMatching(/./) });
  await database[Symbol.asyncDispose]();
});

it("shows the code of an error that says nothing", () => {
  expect(reasonOf(Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
  expect(reasonOf("a text")).toBe("a text");
});
