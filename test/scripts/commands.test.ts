import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { databaseCommand, reasonOf } from "../../scripts/command.ts";
import { freePort } from "../../scripts/database/free-port.ts";
import { budgetCommand } from "../../scripts/db-budget.ts";
import { checkCommand } from "../../scripts/db-check.ts";
import { migrateCommand } from "../../scripts/db-migrate.ts";
import { rolesCommand } from "../../scripts/db-roles.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase } from "../setup/database.ts";

const root = resolve(import.meta.dirname, "../..");

/** Commands whose file matches a pattern. */
const commandsOf = (files: RegExp) =>
  Object.entries(manifest.scripts).flatMap(([name, line]) => {
    const file = /^node (scripts\/[a-z-]+\.ts)$/.exec(line)?.[1];
    return file === undefined || name === "db:snapshot" || !files.test(file) ? [] : [{ name, file }];
  });

const commands = commandsOf(/^scripts\/db-/);

/** A call in a process of its own, without a database. */
const call = (file: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, [join(root, file), ...words], {
    env: { ...process.env, DATABASE_URL: "" },
  })
    .then((output) => ({ ...output, code: 0 }))
    .catch((error: { stdout: string; stderr: string; code: number }) => error);

it("knows every command that works on a database", () => {
  const names = Object.keys(manifest.scripts).filter((name) => /^db:(?!snapshot$)/.test(name));
  expect(commands.map(({ name }) => name)).toEqual(names);
  expect(names).not.toEqual([]);
});

it.each([
  ...commands,
  ...commandsOf(/(keys|analysts|compat|status|alerts-test|push-check|provision|rollback)\.ts$/),
])("$name says how it is called, and refuses what it does not know", async ({ name, file }) => {
  const [helped, mistyped] = await Promise.all([call(file, "--help"), call(file, "--aply")]);
  expect(helped).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining(`npm run ${name}`) });
  expect(mistyped).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("'--aply'") });
});

it("asks for a database", async () => {
  expect(await call("scripts/db-check.ts")).toMatchObject({
    ...{
      code: 2,
      stderr: "Set DATABASE_URL to a direct connection, not through a pooler: --help says as whom.\n",
    },
  });
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
