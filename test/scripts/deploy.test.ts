import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { deployOf } from "../../scripts/deploy.ts";
import { rollbackOf } from "../../scripts/rollback.ts";
import { callCommand } from "../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../setup/database.ts";
import { type Deployed, startDeployed } from "../setup/wrangler/deployed.ts";
import type { Account } from "../setup/wrangler/state.ts";
import { makeTree, type Tree } from "../setup/wrangler/tree.ts";

/** Enough to ask twice. */
const PATIENCE_MS = 20;

const SECRETS = [
  "TRACKSOLID_APP_KEY",
  "TRACKSOLID_APP_SECRET",
  "TRACKSOLID_USER",
  "TRACKSOLID_PASSWORD",
  "PUSH_TOKENS",
];

const WORKER = "tracksolid-edge-production";

let tree: Tree;
let database: OwnDatabase;
let deployed: Deployed;

beforeEach(async () => {
  tree = await makeTree();
  database = await createDatabase("migrated");
  deployed = await startDeployed(tree, "production");
});
afterEach(async () => {
  await deployed[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await tree[Symbol.asyncDispose]();
});

/** Nobody at a terminal, unless somebody types. */
function keyboard(typed?: string): PassThrough & { isTTY?: boolean } {
  const stream: PassThrough & { isTTY?: boolean } = new PassThrough();
  if (typed !== undefined) {
    stream.isTTY = true;
    stream.write(`${typed}\n`);
  }
  return stream;
}

const deploy = (words: string[] = ["--yes=production"], keys = keyboard()) =>
  callCommand(
    deployOf(tree.root, { patienceMs: PATIENCE_MS, keyboard: keys }),
    ["--env", "production", "--url", deployed.url, ...words],
    { DATABASE_URL: database.url },
  );

const rollback = (...words: string[]) =>
  callCommand(rollbackOf(tree.root, { patienceMs: PATIENCE_MS, keyboard: keyboard() }), [
    ...["--env", "production", "--url", deployed.url, "--yes=production"],
    ...words,
  ]);

const secretsFile = async () => {
  const file = join(tree.root, "node_modules", "secrets.env");
  await writeFile(file, SECRETS.map((name) => `${name}=x\n`).join(""));
  return file;
};

async function deployFirst(): Promise<void> {
  const { code, stderr } = await deploy(["--yes=production", "--secrets-file", await secretsFile()]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

const worker = async () => (await tree.account()).workers[WORKER];
const parts = async () => (await worker())?.deployments[0]?.versions ?? [];

/** First words of calls that change something. */
const changes = async () =>
  (await tree.calls()).flatMap(([first = "", second = ""]) => {
    const name = first === "deploy" || first === "rollback" ? first : `${first} ${second}`;
    return /^(deploy|rollback|versions upload|versions deploy|triggers deploy)$/.test(name) ? name : [];
  });

const touch = () => tree.edit("README.md", (text) => `${text}more\n`);

const addClass = () =>
  tree.edit(
    "wrangler.toml",
    (toml) =>
      `${toml}\n[exports.Fleet]\ntype = "durable-object"\nstorage = "sqlite"\n\n[[env.production.durable_objects.bindings]]\nname = "FLEET"\nclass_name = "Fleet"\n`,
  );

it("deploys for the first time at once, with the secrets", async () => {
  const { stdout, stderr, code } = await deploy(["--yes=production", "--secrets-file", await secretsFile()]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("wrangler deploy: it is the first");
  expect(stdout).toContain("There is no version before it to go back to");
  expect(await changes()).toEqual(["deploy"]);
  const [version] = (await worker())?.versions ?? [];
  expect(stdout).toContain(`Done: production is version ${version?.id}.`);
  expect(version?.tag).toBe(tree.git("rev-parse", "--short=12", "HEAD").trim());
});

it("says so where wrangler fails after it gave the version the traffic", async () => {
  await tree.change((there) => {
    there.changesLeft = 1;
  });
  const { stderr, code } = await deploy(["--yes=production", "--secrets-file", await secretsFile()]);
  expect(code).toBe(1);
  expect(stderr).toContain("Received a malformed response from the API");
  expect(stderr).toContain(`Version ${(await parts())[0]?.version_id} has all the traffic nevertheless`);
});

describe("with a version that is deployed", () => {
  let first: string;
  let made: Account | undefined;
  beforeEach(async () => {
    if (made === undefined) await deployFirst();
    made ??= await tree.account();
    await tree.change((there) => Object.assign(there, made));
    await tree.calls();
    first = (await parts())[0]?.version_id ?? "";
  });

  it("gives the next one a part of the traffic, tries it, and gives it the rest, with its triggers", async () => {
    await touch();
    const asked: number[][] = [];
    deployed.onAsk = async () => {
      asked.push((await parts()).map(({ percentage }) => percentage));
    };
    const { stdout, stderr, code } = await deploy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await changes()).toEqual([
      "versions upload",
      "versions deploy",
      "versions deploy",
      "triggers deploy",
    ]);
    expect(asked).toEqual([[10, 90], [10, 90], [100], [100]]);
    const [now] = await parts();
    expect(now?.version_id).not.toBe(first);
    expect((await worker())?.triggersOf).toBe(now?.version_id);
    expect(stdout).toContain(`The way back: npm run rollback -- --env production --to ${first}`);
  });

  it("only says what it would do, where that is all that is wanted", async () => {
    const { stdout, code } = await deploy(["--plan"]);
    expect(code).toBe(0);
    expect(stdout).toContain("give it 10 % of the traffic");
    expect(await changes()).toEqual([]);
  });

  it("stops where the new version is not well, with the command that goes back, which does", async () => {
    await touch();
    deployed.ill.add("all");
    const { stderr, code } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Stopped: .*\/health\/ready answers 503: the database is down\./);
    expect(await changes()).toEqual(["versions upload", "versions deploy"]);
    expect((await parts()).map(({ percentage }) => percentage)).toEqual([10, 90]);

    // Another deploy does not begin on top of that.
    expect(await deploy()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^A deploy is under way/),
    });

    const back = /npm run rollback -- (.*)$/m.exec(stderr)?.[1]?.split(" ") ?? [];
    expect(back).toEqual(["--env", "production", "--to", first]);
    deployed.ill.clear();
    expect(await rollback(...back.slice(2))).toMatchObject({ code: 0, stderr: "" });
    expect(await parts()).toEqual([{ version_id: first, percentage: 100 }]);
  });

  it("stops where another version answers than the one that was uploaded", async () => {
    await touch();
    const old = { ...deployed };
    deployed.onAsk = async () => {
      if ((await parts()).length < 2) return;
      await tree.change(({ workers }) => {
        workers[WORKER]?.deployments.unshift({
          ...{ id: "x", created_on: "2026-02-01T00:00:00Z", author_email: "a@example.com" },
          versions: [{ version_id: first, percentage: 100 }],
        });
      });
      deployed.onAsk = old.onAsk;
    };
    const { stderr, code } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toContain(`is answered by version ${first}, not by `);
  });

  it("applies migrations before it uploads, and uploads nothing where one fails", async () => {
    await tree.edit("migrations/9001_marks.sql", () => "create table tracksolid.marks (n integer);\n");
    await tree.edit("migrations/9002_fails.sql", () => "select 1 / 0;\n");
    const failed = await deploy();
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("migrate: 9001_marks.sql, 9002_fails.sql");
    expect(failed.stderr).toBe(
      "9002_fails.sql failed and was rolled back: division by zero\nNothing was uploaded.\n",
    );
    expect(await changes()).toEqual([]);
    expect((await worker())?.versions).toHaveLength(1);

    await tree.edit("migrations/9002_fails.sql", () => "select 1;\n");
    expect(await deploy()).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("migrate: 9002_fails.sql"),
    });
    expect((await worker())?.versions.at(-1)?.message).toContain("schema 9002");
  });

  it.each([
    ["before the first shift", "versions upload", ["versions upload"]],
    ["while it was tried", "versions deploy", ["versions upload", "versions deploy"]],
  ])("stops where somebody else deployed %s", async (_, moment, made) => {
    await touch();
    await tree.change((there) => {
      there.otherDeploysAfter = moment;
    });
    const { stderr, code } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Somebody else deployed production meanwhile by other@example\.com: .* at \d+ %/);
    expect(await changes()).toEqual(made);
  });

  it("refuses a tree with something that no commit has, placeholders, and a secret that is missing, all at once", async () => {
    await tree.edit(
      "wrangler.toml",
      (toml) =>
        toml
          .replace('API_HOSTS = "api.fleet.test"', 'API_HOSTS = "api.example.com"')
          .replace("abcdefabcdefabcdefabcdefabcdef22", "00000000000000000000000000000022"),
      false,
    );
    await tree.change(({ workers }) => workers[WORKER]?.secrets.pop());
    const { stderr, code } = await deploy();
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      "The tree has what no commit has: commit it, or take it away.",
      "  M wrangler.toml",
      "wrangler.toml has zeros for DB_READ: npm run provision -- --env production prints its id.",
      "wrangler.toml has example.com in API_HOSTS: put your own in its place.",
      "The secret PUSH_TOKENS is missing: npx wrangler secret put PUSH_TOKENS --env production",
    ]);
    expect(await changes()).toEqual([]);
  });

  it("changes nothing where types are wrong", async () => {
    await tree.edit("package.json", (text) =>
      text.replace('"check:types":"node -e 0"', '"check:types":"node -e process.exit(3)"'),
    );
    await tree.edit("migrations/9001_marks.sql", () => "create table tracksolid.marks (n integer);\n");
    const { stderr, code } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^npm run check:types failed: nothing was changed\./);
    expect(await changes()).toEqual([]);
    expect(await database.sql`select to_regclass('tracksolid.marks') as there`).toEqual([{ there: null }]);
  });

  it.each([
    [
      "nobody is there",
      [],
      keyboard,
      "Nobody is there to type the name of the environment: say --yes=production.",
    ],
    ["another name is typed", [], () => keyboard("staging"), "That is not its name: nothing was changed."],
    ["another name is given", ["--yes=staging"], keyboard, "--yes says staging, and this is production."],
  ])("refuses production where %s", async (_, words, keys, stderr) => {
    expect(await deploy(words, keys())).toMatchObject({ code: 1, stderr: `${stderr}\n` });
    expect(await changes()).toEqual([]);
  });

  it("goes on where production is typed", async () => {
    await touch();
    expect(await deploy([], keyboard("production"))).toMatchObject({ code: 0, stderr: "" });
  });

  it("deploys a change of Durable Object classes at once, and refuses to go back across it, with what to do", async () => {
    await addClass();
    const { stdout, stderr, code } = await deploy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Durable Object classes change, and such versions cannot share the traffic");
    expect(stdout).toContain("There is no way back by a rollback");
    expect(stdout).not.toContain("npm run rollback");
    expect(await changes()).toEqual(["deploy"]);

    expect(await rollback()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no way back by a rollback: .* git revert/),
    });
    // Nor past the version that came after it, to which there is a way.
    await touch();
    await deploy();
    await tree.calls();
    expect(await rollback("--to", first)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no way back"),
    });
    expect(await changes()).toEqual([]);
    expect(await rollback()).toMatchObject({ code: 0, stderr: "" });
  });

  it("knows the classes of a version that somebody deployed by hand", async () => {
    await tree.change(({ workers }) => {
      for (const version of workers[WORKER]?.versions ?? []) version.message = "";
    });
    expect((await deploy(["--plan"])).stdout).toContain("give it 10 % of the traffic");
    await addClass();
    expect((await deploy(["--plan"])).stdout).toContain("Durable Object classes change");
  });

  it("goes back to the version before, and says when that is not well", async () => {
    await tree.edit("migrations/9001_marks.sql", () => "create table tracksolid.marks (n integer);\n");
    await deploy();
    deployed.ill.add(first);
    const back = await rollback();
    expect(back.code).toBe(1);
    expect(back.stdout).toMatch(/npm run db:migrate -- --back-to 0\d{3}/);
    expect(back.stderr).toContain(`Version ${first} has all the traffic, and is not well`);
    expect(await parts()).toEqual([{ version_id: first, percentage: 100 }]);
    expect(await rollback("--to", first)).toMatchObject({
      code: 1,
      stderr: `production is version ${first} already.\n`,
    });
  });
});

describe("of an environment that only reads", () => {
  const read = (url: string, ...words: string[]) =>
    callCommand(
      deployOf(tree.root, { patienceMs: PATIENCE_MS, keyboard: keyboard() }),
      ["--env", "staging", "--url", deployed.url, ...words],
      { DATABASE_URL: url },
    );

  /** As whoever reads everything. */
  const backup = () => `${database.url}?options=${encodeURIComponent("-c role=backup_ro")}`;

  beforeEach(async () => {
    await deployed[Symbol.asyncDispose]();
    deployed = await startDeployed(tree, "staging");
  });

  it("deploys and migrates nothing", async () => {
    const { stdout, stderr, code } = await read(backup());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("migrate nothing: it only reads");
  });

  it("refuses where the schema lags behind the tree, and leaves it so", async () => {
    await tree.edit("migrations/9001_marks.sql", () => "create table tracksolid.marks (n integer);\n");
    expect(await read(database.url)).toMatchObject({
      code: 1,
      stderr:
        "The database lacks 9001_marks.sql. staging only reads it and migrates nothing: deploy the environment that owns it first.\n",
    });
    expect(await changes()).toEqual([]);
    expect(await database.sql`select to_regclass('tracksolid.marks') as there`).toEqual([{ there: null }]);
  });

  it("takes a schema that is newer", async () => {
    await database.sql`insert into private.migrations (number, file, checksum, duration_ms) values (9001, '9001_marks.sql', '', 1)`;
    expect(await read(backup(), "--plan")).toMatchObject({
      ...{ code: 0, stderr: "" },
      stdout: expect.stringContaining("and the schema is newer (9001_marks.sql)"),
    });
  });

  it("says who may read what was applied, where a role may not", async () => {
    expect(await read(localRoleUrls(database.url).read)).toMatchObject({
      code: 1,
      stderr:
        "dashboard_ro may not read which migrations were applied: let DATABASE_URL be the URL of backup_ro, which reads everything and changes nothing, or of tracksolid_owner.\n",
    });
  });
});

it("asks for a database", async () => {
  expect(await callCommand(deployOf(tree.root), ["--env", "production"], {})).toMatchObject({
    ...{
      code: 2,
      stderr:
        "Set DATABASE_URL to a direct connection, not through a pooler: --help says as whom, and how.\n",
    },
  });
});

it("has nothing to go back to where nothing is deployed", async () => {
  expect(await rollback()).toMatchObject({ code: 1, stderr: "Nothing is deployed to production.\n" });
});

it("brings the secrets along with the first deploy", async () => {
  expect(await deploy()).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^The first deploy brings the secrets along: write TRACKSOLID_APP_KEY, .* PUSH_TOKENS/,
    ),
  });
});
