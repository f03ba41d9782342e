import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "../../scripts/cloudflare/environment.ts";
import { provisionOf } from "../../scripts/provision.ts";
import { callCommand } from "../setup/command.ts";
import { size } from "../setup/size.ts";
import type { Account } from "../setup/wrangler/state.ts";
import { makeTree, type Tree } from "../setup/wrangler/tree.ts";

const PASSWORD = "s3cret-p%40ss";
const urlOf = (role: string) => `postgres://${role}:${PASSWORD}@10.0.0.5:5433/fleet`;

const urls = {
  DATABASE_URL_INGEST: urlOf("ingest_app"),
  DATABASE_URL_READ: urlOf("dashboard_ro"),
  DATABASE_URL_ANALYST: urlOf("analytics_ro"),
};

let tree: Tree;
beforeEach(async () => {
  tree = await makeTree({ asCloned: true });
});
afterEach(() => tree[Symbol.asyncDispose]());

const provision = (words: string[], environment: Record<string, string> = urls) =>
  callCommand(provisionOf(tree.root), ["--env", "production", ...words], environment);

const changes = async () =>
  (await tree.calls()).filter((words) =>
    /\b(create|update|put|delete|deploy)\b/.test(words.slice(0, 3).join(" ")),
  );

/** All but ids that are drawn. */
async function account() {
  const { queues, buckets, namespaces, tunnels, services, pools } = await tree.account();
  return {
    ...{ queues, buckets, namespaces: namespaces.map(({ title }) => title) },
    tunnels: tunnels.map(({ name }) => name),
    services: services.map(({ name, host, port, verification }) => ({ name, host, port, verification })),
    pools: pools.map(({ name, origin, caching, origin_connection_limit: limit }) => ({
      ...{ name, caching, limit, user: origin.user, database: origin.database },
      isPrivate: services.some(({ id }) => id === origin.service_id),
    })),
  };
}

const pool = (name: string, user: string, limit: number) => ({
  ...{ name, user, limit, database: "fleet", caching: { disabled: true }, isPrivate: true },
});

const everything = {
  queues: [
    { name: "tracksolid-writes-production", retentionS: 1_209_600 },
    { name: "tracksolid-jobs-production", retentionS: null },
    { name: "tracksolid-dead-production", retentionS: 1_209_600 },
  ],
  buckets: ["tracksolid-production"],
  namespaces: ["tracksolid-keys-production"],
  tunnels: ["tracksolid-10-0-0-5-5433"],
  services: [{ name: "tracksolid-10-0-0-5-5433", host: "10.0.0.5", port: 5433, verification: "verify_full" }],
  pools: [
    pool("tracksolid-ingest-production", "ingest_app", 8),
    pool("tracksolid-read-production", "dashboard_ro", 5),
    pool("tracksolid-analyst", "analytics_ro", 8),
  ],
};

it("says what is missing, makes it, and then has nothing to do", async () => {
  const planned = await provision([]);
  expect(planned).toMatchObject({ code: 0, stderr: "" });
  expect(planned.stdout).toContain(
    "npx wrangler queues create tracksolid-writes-production --message-retention-period-secs 1209600",
  );
  expect(planned.stdout).toContain("then: make Hyperdrive tracksolid-analyst as analytics_ro");
  expect(planned.stdout).toContain("Nothing was changed: --apply does it.");
  expect(await changes()).toEqual([]);

  const applied = await provision(["--apply"]);
  expect(applied).toMatchObject({ code: 0, stderr: "" });
  expect(await account()).toEqual(everything);
  await changes();

  const { pools, namespaces } = await tree.account();
  const again = await provision(["--apply"]);
  expect(again).toMatchObject({ code: 0, stderr: "" });
  expect(again.stdout).toContain("Nothing to do.");
  expect(await changes()).toEqual([]);

  // The ids are printed until they are in the file, and not after.
  for (const { id } of [...pools, ...namespaces]) expect(again.stdout).toContain(`id = "${id}"`);
  const tables = [...again.stdout.matchAll(/\[\[env\.(\S+)\]\]\nbinding = "(\w+)"\nid = "(\w+)"/g)];
  expect(tables).toHaveLength(4);
  await tree.edit("wrangler.toml", (toml) =>
    tables.reduce((text, [, table, binding, id]) => {
      const head = `[[env.${table}]]\nbinding = "${binding}"\nid = "`;
      const at = text.indexOf(head) + head.length;
      return text.slice(0, at) + id + text.slice(at + 32);
    }, toml),
  );
  expect((await readEnvironment(tree.root, "production")).namespaces[0]?.id).toBe(namespaces[0]?.id);
  const last = await provision([], {});
  expect(last).toMatchObject({ code: 0, stderr: "" });
  expect(last.stdout).not.toContain("[[env.");
  expect(last.stdout).toContain("Nothing to do.");
});

it("goes on where it was interrupted, after whichever step, and makes nothing twice", async () => {
  // Of ten steps every third; in the drill each. A run is lists and more, of a process each.
  const steps = size(3, 1);
  let interruptions = 0;
  for (let finished = false; !finished; ) {
    await tree.change((there) => {
      there.changesLeft = steps;
    });
    const { code, stderr } = await provision(["--apply"]);
    finished = code === 0;
    if (!finished) {
      interruptions++;
      expect(stderr).toContain("Received a malformed response");
    }
  }
  // Three queues, bucket, namespace, tunnel, service, three pools.
  expect(interruptions).toBe(Math.floor(10 / steps));
  expect(await account()).toEqual(everything);
}, 400_000);

it("shows passwords nowhere, also where wrangler fails", async () => {
  await provision(["--apply"]);
  await tree.change((there) => {
    there.pools = [];
  });
  const planned = await provision([]);
  await tree.change((there) => {
    there.changesLeft = 1;
  });
  const failed = await provision(["--apply"]);
  const asJson = await provision(["--json"]);
  expect([planned.code, failed.code, asJson.code]).toEqual([0, 1, 0]);
  for (const { stdout, stderr } of [planned, failed, asJson]) {
    expect(stdout + stderr).toContain("--origin-password=***");
    expect(stdout + stderr).not.toContain("s3cret");
  }
  const made = (await changes()).find((words) => words[1] === "create" && words[0] === "hyperdrive");
  expect(made).toContain("--origin-password=s3cret-p@ss");
});

describe("with an environment that was made", () => {
  let made: Account | null = null;
  beforeEach(async () => {
    if (made === null) await provision(["--apply"]);
    made ??= await tree.account();
    await tree.change((there) => Object.assign(there, made));
    await tree.calls();
  });

  it("corrects a pool with other limits, with caching, or past the tunnel, and no other", async () => {
    await tree.change(({ pools }) => {
      const [ingest, read, analyst] = pools;
      if (!ingest || !read || !analyst) throw new Error("pools are missing");
      ingest.origin_connection_limit = 60;
      read.caching = {};
      analyst.origin = { host: "db.example.com", port: 5432, user: "analytics_ro", database: "fleet" };
    });
    const planned = await provision([]);
    expect(planned.stdout).toContain(
      "correct Hyperdrive tracksolid-ingest-production: 60 connections instead of 8",
    );
    expect(planned.stdout).toContain("correct Hyperdrive tracksolid-read-production: caching is on");
    expect(planned.stdout).toContain(
      "correct Hyperdrive tracksolid-analyst: to 10.0.0.5:5433/fleet as analytics_ro",
    );
    expect(await changes()).toEqual([]);
    expect(await provision(["--apply"])).toMatchObject({ code: 0, stderr: "" });
    expect(await account()).toEqual(everything);
    expect(await changes()).toHaveLength(3);
  });

  it("asks for the URL without which it cannot make a pool, and makes the rest", async () => {
    await tree.change((there) => {
      there.pools.splice(1, 2);
      there.buckets = [];
    });
    const { code, stderr } = await provision(["--apply"], { DATABASE_URL_READ: urls.DATABASE_URL_READ });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "Hyperdrive tracksolid-analyst is missing: set DATABASE_URL_ANALYST to the URL of analytics_ro, with the server as the tunnel reaches it.\n",
    );
    expect(await account()).toMatchObject({
      buckets: everything.buckets,
      pools: everything.pools.slice(0, 2),
    });
  });

  it("names secrets that the Worker lacks", async () => {
    await tree.change((there) => {
      there.workers["tracksolid-edge-production"] = {
        ...{ versions: [], deployments: [], triggersOf: null },
        secrets: ["TRACKSOLID_APP_KEY", "TRACKSOLID_APP_SECRET", "TRACKSOLID_USER", "TRACKSOLID_PASSWORD"],
      };
    });
    expect(await provision([])).toMatchObject({
      code: 1,
      stderr: "The secret PUSH_TOKENS is missing: npx wrangler secret put PUSH_TOKENS --env production\n",
    });
  });

  it("says so where the tunnel has no connector", async () => {
    await tree.change(({ tunnels }) => {
      for (const tunnel of tunnels) tunnel.status = "down";
    });
    const { code, stderr } = await provision([], {});
    expect(code).toBe(1);
    expect(stderr).toMatch(/^No connector of tunnel tracksolid-10-0-0-5-5433 runs \(it is down\)/);
  });
});

it("waits for the connector of a new tunnel before it makes pools", async () => {
  await tree.change((there) => {
    there.newTunnels = "inactive";
  });
  const first = await provision(["--apply"]);
  expect(first.code).toBe(1);
  expect(first.stderr).toMatch(
    /^No connector of tunnel tracksolid-10-0-0-5-5433 runs .* npx wrangler tunnel run/,
  );
  expect(await account()).toEqual({ ...everything, pools: [] });
  await tree.change(({ tunnels }) => {
    for (const tunnel of tunnels) tunnel.status = "healthy";
  });
  expect(await provision(["--apply"])).toMatchObject({ code: 0, stderr: "" });
  expect(await account()).toEqual(everything);
});

it("takes a tunnel that is there, where it is named", async () => {
  await tree.change(({ tunnels }) => {
    tunnels.push({ id: "11111111-1111-4111-8111-111111111111", name: "depot", status: "healthy" });
  });
  expect(await provision(["--apply", "--tunnel", "depot"])).toMatchObject({ code: 0, stderr: "" });
  expect(await account()).toEqual({ ...everything, tunnels: ["depot"] });
});

it("gives an environment that only reads what wrangler.toml binds, and no role that writes", async () => {
  const run = () => callCommand(provisionOf(tree.root), ["--env", "staging", "--apply"], urls);
  expect(await run()).toMatchObject({ code: 0, stderr: "" });
  const { queues, pools } = await account();
  expect(queues.map(({ name }) => name)).toEqual(["tracksolid-writes-production", "tracksolid-jobs-staging"]);
  expect(pools).toEqual([
    pool("tracksolid-read-staging", "dashboard_ro", 5),
    pool("tracksolid-analyst", "analytics_ro", 8),
  ]);
});

it("finds rate limits that count together", async () => {
  await tree.edit("wrangler.toml", (toml) =>
    toml.replace('namespace_id = "772221"', 'namespace_id = "771211"'),
  );
  const { code, stderr } = await provision([]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    "READ_LIMITER of staging and READ_LIMITER of production count together: give each a namespace_id of its own instead of 771211.\n",
  );
});

it.each([
  [
    { DATABASE_URL_READ: "10.0.0.5" },
    "DATABASE_URL_READ has to be a URL: postgres://dashboard_ro:password@host:5432/database",
  ],
  [
    { DATABASE_URL_READ: urlOf("postgres") },
    "DATABASE_URL_READ logs in as postgres: it has to be the URL of dashboard_ro.",
  ],
  [
    { DATABASE_URL_READ: `${urlOf("dashboard_ro")}?sslmode=disable` },
    "DATABASE_URL_READ says sslmode=disable: Hyperdrive wants TLS, so verify-full, verify-ca or require.",
  ],
])("refuses a URL that is wrong, without showing it", async (environment, stderr) => {
  expect(await provision([], environment)).toEqual({ code: 1, stdout: "", stderr: `${stderr}\n` });
});

it("tells programs the same", async () => {
  const { stdout, code } = await provision(["--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ done: [], left: [], ids: [] },
    toDo: expect.arrayContaining([
      {
        what: "make R2 bucket tracksolid-production",
        command: "npx wrangler r2 bucket create tracksolid-production",
      },
    ]),
  });
});

it("asks which environment", async () => {
  expect(await callCommand(provisionOf(tree.root), ["--env", "prod"], urls)).toMatchObject({
    ...{ code: 1, stderr: 'Say which environment: --env staging or --env production, not "prod".\n' },
  });
});
