import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "../../scripts/cloudflare/environment.ts";
import { missingSecrets } from "../../scripts/cloudflare/secrets.ts";
import { wrangler } from "../../scripts/cloudflare/wrangler.ts";
import { activeDeployment, lastDeployments, readVersion } from "../../scripts/deploy/account.ts";
import { deployAtOnce, shift, uploadVersion } from "../../scripts/deploy/shift.ts";
import { deployedNamespace } from "../../scripts/keys/deployed-namespace.ts";
import { look } from "../../scripts/provision/found.ts";
import { planOf } from "../../scripts/provision/steps.ts";
import { wantedOf } from "../../scripts/provision/wanted.ts";
import { drilling } from "../setup/size.ts";
import { type CloudflareApi, startCloudflareApi } from "../setup/wrangler/api.ts";

// wrangler itself, with the API behind it replaced: what the other tests' stand-in says has to be what it says. Each call takes
// a second of computing, so a version that passed is compared again in the drill only.

/** Raised once all of this passed with a newer one. */
const COMPARED_WITH = "4.156.2";

const root = resolve(import.meta.dirname, "../..");
const { version } = JSON.parse(await readFile(resolve(root, "node_modules/wrangler/package.json"), "utf8"));
const isKnown = version === COMPARED_WITH;
const TUNNEL = "11111111-1111-4111-8111-111111111111";
const [OLD, NEW] = ["22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"] as const;
const WORKER = "/workers/scripts/tracksolid-edge-production";

let api: CloudflareApi;

const urlOf = (role: string) => `postgres://${role}:p%40ss@db.internal:5432/fleet?sslmode=verify-ca`;

const wanted = async () =>
  wantedOf(await readEnvironment(root, "production"), {
    ...{ DATABASE_URL_INGEST: urlOf("ingest_app"), DATABASE_URL_READ: urlOf("dashboard_ro") },
    DATABASE_URL_ANALYST: urlOf("analytics_ro"),
  });

const none = {
  ...{ "GET /queues": [], "GET /r2/buckets": { buckets: [] }, "GET /storage/kv/namespaces": [] },
  ...{ "GET /hyperdrive/configs": [], "GET /connectivity/directory/services": [], "GET /cfd_tunnel": [] },
};

const service = {
  ...{
    service_id: "s1",
    name: "tracksolid-db-internal-5432",
    type: "tcp",
    tcp_port: 5432,
    app_protocol: "postgresql",
  },
  tls_settings: { cert_verification_mode: "verify_ca" },
  host: { hostname: "db.internal", resolver_network: { tunnel_id: TUNNEL } },
  ...{ created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" },
};

const config = {
  ...{ id: "h1", name: "tracksolid-read-production", origin_connection_limit: 60 },
  origin: { service_id: "s1", scheme: "postgresql", database: "fleet", user: "dashboard_ro" },
  caching: { disabled: false, max_age: 60, stale_while_revalidate: 15 },
};

const tunnel = {
  id: TUNNEL,
  name: "tracksolid-db-internal-5432",
  status: "healthy",
  created_at: "2026-01-01T00:00:00Z",
};

const allThere = {
  "GET /queues": ["tracksolid-writes-production", "others"].map((queue_name) => ({
    ...{ queue_id: "q", queue_name, created_on: "2026-01-01", modified_on: "2026-01-01" },
    ...{ producers_total_count: 1, consumers_total_count: 1 },
  })),
  "GET /r2/buckets": {
    buckets: [
      { name: "others", creation_date: "2026" },
      { name: "tracksolid-production", creation_date: "2026" },
    ],
  },
  "GET /storage/kv/namespaces": [{ id: "k1", title: "tracksolid-keys-production" }],
  ...{
    "GET /hyperdrive/configs": [config, { ...config, id: "h2", name: "others" }],
    "GET /hyperdrive/configs/h1": config,
  },
  ...{
    "GET /connectivity/directory/services": [service],
    "GET /connectivity/directory/services/s1": service,
  },
  ...{ "GET /cfd_tunnel": [tunnel], [`GET /cfd_tunnel/${TUNNEL}`]: tunnel },
};

const deploymentOf = (id: string, created_on: string, versions: [string, number][]) => ({
  ...{
    id,
    created_on,
    source: "wrangler",
    strategy: "percentage",
    author_email: "a@example.com",
    annotations: {},
  },
  versions: versions.map(([version_id, percentage]) => ({ version_id, percentage })),
});

const versionOf = (id: string, message: string) => ({
  ...{
    id,
    number: 7,
    metadata: { created_on: "2026-01-01T00:00:00Z", author_email: "a@example.com", source: "wrangler" },
  },
  annotations: { "workers/message": message, "workers/tag": "0123456789ab" },
  resources: {
    script: { handlers: ["fetch"] },
    script_runtime: { compatibility_date: "2026-11-02" },
    bindings: [
      { type: "durable_object_namespace", name: "TALLY", class_name: "Tally", namespace_id: "1" },
      { type: "durable_object_namespace", name: "OTHER", class_name: "Other", script_name: "other-worker" },
      { type: "secret_text", name: "PUSH_TOKENS" },
    ],
  },
});

it("is of the version that was compared: else raise COMPARED_WITH, once the tests below pass", () => {
  expect(version).toBe(COMPARED_WITH);
});

describe.skipIf(isKnown && !drilling)("wrangler itself", () => {
  beforeAll(async () => {
    api = await startCloudflareApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());
  beforeEach(() => {
    api.results = {};
    api.asked = [];
  });

  it("reads what an account has", async () => {
    api.results = allThere;
    expect(await look(root, await wanted(), undefined)).toEqual({
      ...{ queues: ["tracksolid-writes-production", "others"], buckets: ["others", "tracksolid-production"] },
      namespaces: [{ id: "k1", title: "tracksolid-keys-production" }],
      pools: [
        {
          ...{ id: "h1", name: "tracksolid-read-production", user: "dashboard_ro", database: "fleet" },
          ...{ isCached: true, originConnectionLimit: 60, serviceId: "s1" },
        },
      ],
      services: [
        { id: "s1", name: "tracksolid-db-internal-5432", host: "db.internal", port: 5432, tunnelId: TUNNEL },
      ],
      tunnels: new Map(
        ["tracksolid-db-internal-5432", TUNNEL].map((name) => [name, { id: TUNNEL, status: "healthy" }]),
      ),
    });
  });

  it("reads that an account has nothing, and makes what can be made first", async () => {
    api.results = none;
    const want = await wanted();
    const found = await look(root, want, undefined);
    expect(found).toEqual({
      queues: [],
      buckets: [],
      namespaces: [],
      pools: [],
      services: [],
      tunnels: new Map(),
    });
    Object.assign(api.results, {
      "POST /queues": {},
      "POST /r2/buckets": {},
      "POST /storage/kv/namespaces": { id: "k1" },
      "POST /cfd_tunnel": tunnel,
    });
    for (const step of planOf(want, found, undefined).steps) await wrangler(root, step.words, step);
    expect(api.asked).toEqual([
      ...["writes", "jobs", "dead"].map((name) => ({
        ...{ method: "POST", path: "/queues" },
        body: {
          queue_name: `tracksolid-${name}-production`,
          ...(name === "jobs" ? {} : { settings: { message_retention_period: 1_209_600 } }),
        },
      })),
      { method: "POST", path: "/r2/buckets", body: { name: "tracksolid-production" } },
      { method: "POST", path: "/storage/kv/namespaces", body: { title: "tracksolid-keys-production" } },
      {
        method: "POST",
        path: "/cfd_tunnel",
        body: { name: "tracksolid-db-internal-5432", config_src: "cloudflare" },
      },
    ]);
  });

  it("makes service and pools, and corrects one, in words that wrangler understands", async () => {
    api.results = {
      ...allThere,
      ...{ "POST /hyperdrive/configs": config, "PATCH /hyperdrive/configs/h1": config },
      "POST /connectivity/directory/services": service,
    };
    const want = await wanted();
    const found = await look(root, want, undefined);
    const steps = [
      ...planOf(want, { ...found, services: [] }, undefined).steps.filter(({ words }) => words[0] === "vpc"),
      ...planOf(want, found, undefined).steps.filter(({ words }) => words[0] === "hyperdrive"),
    ];
    for (const step of steps) await wrangler(root, step.words, step);
    const pool = (name: string, user: string, limit: number) => ({
      ...{ method: "POST", path: "/hyperdrive/configs" },
      body: {
        ...{ name: `tracksolid-${name}`, caching: { disabled: true }, origin_connection_limit: limit },
        origin: { scheme: "postgresql", database: "fleet", user, password: "p@ss", service_id: "s1" },
      },
    });
    expect(api.asked).toEqual([
      {
        ...{ method: "POST", path: "/connectivity/directory/services" },
        body: {
          ...{ name: service.name, type: "tcp", tcp_port: 5432, app_protocol: "postgresql" },
          ...{ host: service.host, tls_settings: service.tls_settings },
        },
      },
      pool("ingest-production", "ingest_app", 8),
      {
        ...{ method: "PATCH", path: "/hyperdrive/configs/h1" },
        body: { caching: { disabled: true }, origin_connection_limit: 5 },
      },
      pool("analyst", "analytics_ro", 8),
    ]);
  });

  it("knows a Worker that is not there", async () => {
    const environment = await readEnvironment(root, "production");
    expect(await missingSecrets(root, environment)).toBeNull();
    expect(await activeDeployment(root, "production")).toBeNull();
  });

  it("reads secrets, deployments and versions, and divides the traffic", async () => {
    const [before, now] = [
      deploymentOf("d1", "2026-01-01T00:00:00Z", [[OLD, 100]]),
      deploymentOf("d2", "2026-01-02T00:00:00Z", [[OLD, 100]]),
    ];
    const message = "commit 0123456789ab, schema 0043, objects 01234567";
    api.results = {
      [`GET ${WORKER}/secrets`]: [{ name: "TRACKSOLID_APP_KEY", type: "secret_text" }],
      [`GET ${WORKER}/deployments`]: { deployments: [now, before] },
      [`GET ${WORKER}/versions/${OLD}`]: versionOf(OLD, message),
      [`GET ${WORKER}/versions/${NEW}`]: versionOf(NEW, "by hand"),
      [`POST ${WORKER}/deployments`]: { id: "d3" },
      [`PATCH ${WORKER}/script-settings`]: {},
    };
    expect(await missingSecrets(root, await readEnvironment(root, "production"))).not.toContain(
      "TRACKSOLID_APP_KEY",
    );
    expect(await activeDeployment(root, "production")).toMatchObject({ id: "d2" });
    expect((await lastDeployments(root, "production")).map(({ id }) => id)).toEqual(["d2", "d1"]);
    expect(await readVersion(root, "production", OLD)).toEqual({
      ...{ id: OLD, note: { commit: "0123456789ab", schema: 43, objects: "01234567" } },
      objects: { digest: "01234567", classes: ["Tally"] },
    });
    expect(await readVersion(root, "production", NEW)).toMatchObject({
      note: null,
      objects: { digest: null },
    });
    expect(
      await shift(root, "production", [
        [NEW, 10],
        [OLD, 90],
      ]),
    ).toBe("d3");
    await wrangler(root, ["rollback", OLD, "--env", "production", "--message", "back", "--yes"]);
    const divided = api.asked.filter(({ method }) => method === "POST").map(({ body }) => body);
    expect(divided).toMatchObject([
      {
        versions: [
          { version_id: NEW, percentage: 10 },
          { version_id: OLD, percentage: 90 },
        ],
      },
      { versions: [{ version_id: OLD, percentage: 100 }], annotations: { "workers/message": "back" } },
    ]);
  });

  it("uploads a version, or deploys at once, and learns which it is", async () => {
    const queue = (name: string) => ({
      ...{
        queue_id: "q",
        queue_name: `tracksolid-${name}-production`,
        name: `tracksolid-${name}-production`,
      },
      ...{ producers: [], consumers: [] },
    });
    api.results = {
      "GET /workers/services/tracksolid-edge-production": { default_environment: { script: { tag: "t" } } },
      ...{
        "GET /queues": ["writes", "jobs", "dead"].map(queue),
        "GET /r2/buckets/tracksolid-production": {},
      },
      ...{ "GET /queues/q/consumers": [], "POST /queues/q/consumers": {}, [`GET ${WORKER}/secrets`]: [] },
      [`POST ${WORKER}/assets-upload-session`]: { jwt: "nothing to upload", buckets: [] },
      [`POST ${WORKER}/versions`]: { id: NEW, metadata: { has_preview: false } },
      [`PUT ${WORKER}`]: { id: "w", deployment_id: OLD },
      [`GET ${WORKER}/deployments`]: { deployments: [] },
      "GET /workers/workers/tracksolid-edge-production": {
        subdomain: { enabled: false, previews_enabled: false },
      },
      ...{
        [`POST ${WORKER}/subdomain`]: {},
        [`PUT ${WORKER}/schedules`]: {},
        [`PATCH ${WORKER}/script-settings`]: {},
      },
    };
    const message = "commit 0123456789ab, schema 0043, objects 01234567";
    const upload = { environment: "production", message, commit: "0123456789ab", secretsFile: undefined };
    expect(await uploadVersion(root, upload)).toBe(NEW);
    const isTrigger = ({ path }: { path: string }) => /schedules|consumers/.test(path);
    // A version has none of its own: they are set by a call of their own, once it has all the traffic.
    expect(api.asked.filter(isTrigger)).toEqual([]);
    await wrangler(root, ["triggers", "deploy", "--env", "production"]);
    expect(api.asked.filter(isTrigger)).toHaveLength(4);
    expect(await deployAtOnce(root, upload)).toBe(OLD);
    expect(api.asked.filter(isTrigger)).toHaveLength(8);
    const uploaded = api.asked.filter(({ path }) => path === `${WORKER}/versions` || path === WORKER);
    for (const { body } of uploaded) expect(body).toContain(`"workers/message":"${message}"`);
  });

  it("hands a key over in a file that it takes away, lists and revokes", async () => {
    const [{ id } = { id: "" }] = (await readEnvironment(root, "production")).namespaces;
    const namespace = `/storage/kv/namespaces/${id}`;
    const metadata = { label: "Depot screen" };
    api.results = {
      [`PUT ${namespace}/bulk`]: {},
      [`GET ${namespace}/keys`]: [{ name: "key:x", metadata }],
      [`DELETE ${namespace}/values/key%3Ax`]: {},
    };
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("tracksolid-key-"));
    const before = await left();
    const keys = deployedNamespace(root, "production");
    await keys.put({ name: "key:x", value: "{}", metadata });
    expect(api.asked).toMatchObject([{ method: "PUT", body: [{ key: "key:x", value: "{}", metadata }] }]);
    expect(await left()).toEqual(before);
    expect(await keys.list("key:")).toEqual([{ name: "key:x", metadata }]);
    await keys.delete("key:x");
    expect(api.asked.at(-1)).toMatchObject({ method: "DELETE" });
  });
});
