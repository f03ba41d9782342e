import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { serviceConfig } from "../../shared/config.ts";
import { RATE_LIMITS } from "../../workers/api/admission.ts";
import { schedule } from "../../workers/polls/schedule.ts";
import { PUSH_LIMITS } from "../../workers/pushes/authenticate.ts";

const ENVIRONMENTS = ["", "staging", "production"];

/** What the tests read of the resolved configuration of an environment. */
interface Resolved {
  name: string;
  triggers: { crons: string[] };
  vars: Record<string, unknown>;
  secrets: unknown;
  version_metadata: unknown;
  kv_namespaces: { binding: string; id: string }[];
  r2_buckets: { binding: string; bucket_name: string }[];
  hyperdrive: { binding: string; id: string }[];
  durable_objects: { bindings: { name: string }[] };
  analytics_engine_datasets: { binding: string; dataset: string }[];
  ratelimits: { name: string; namespace_id: string; simple: { limit: number; period: number } }[];
  queues: {
    producers: { binding: string; queue: string }[];
    consumers?: { queue: string; dead_letter_queue?: string; max_retries: number }[];
  };
}

const read = (env: string) => unstable_readConfig({ config: "wrangler.toml", env }) as unknown as Resolved;

/** Environments with a database of their own; staging reads production's. */
const OWNERS = ["", "production"];

it.each(OWNERS)("gives wrangler.toml one trigger per cadence of the schedule (%s)", (env) => {
  const { triggers } = read(env);
  const cadences = new Set(Object.values(schedule).map(({ cron }) => cron));
  expect(new Set(triggers.crons)).toEqual(cadences);
  expect(triggers.crons).toHaveLength(cadences.size);
});

it("gives an environment that only reads no trigger, consumer, host for pushes or secret, nor the role that writes", () => {
  const { vars, triggers, queues, secrets, hyperdrive } = read("staging");
  expect(OWNERS.map((env) => read(env).vars.DATABASE_MODE)).toEqual(["owner", "owner"]);
  expect(vars).toMatchObject({ DATABASE_MODE: "reader", PUSH_HOSTS: "" });
  expect(triggers.crons).toEqual([]);
  expect(queues.consumers ?? []).toEqual([]);
  expect(secrets).toEqual({ required: [] });
  const idOf = (name: string) => hyperdrive.find(({ binding }) => binding === name)?.id;
  expect(idOf("DB_INGEST")).toBe(idOf("DB_READ"));
  // What analysts ask there is recorded by the one that writes.
  expect(queues.producers).toContainEqual({ binding: "WRITES", queue: "tracksolid-writes-production" });
});

it.each(ENVIRONMENTS)("declares the same bindings in every environment (%s)", (env) => {
  const shape = (name: string) => {
    const config = read(name);
    return {
      vars: Object.keys(config.vars).sort(),
      kv: config.kv_namespaces.map(({ binding }) => binding),
      r2: config.r2_buckets.map(({ binding }) => binding),
      hyperdrive: config.hyperdrive.map(({ binding }) => binding),
      producers: config.queues.producers.map(({ binding }) => binding),
      objects: config.durable_objects.bindings.map((binding) => binding.name),
      datasets: config.analytics_engine_datasets.map(({ binding }) => binding),
      limits: config.ratelimits.map((limit) => limit.name),
      version: config.version_metadata,
    };
  };
  expect(shape(env)).toEqual(shape(""));
});

it("has the same secrets and consumers locally as where pushes arrive", () => {
  const shape = (name: string) => {
    const { secrets, queues } = read(name);
    return { secrets, consumers: queues.consumers?.map(({ queue, dead_letter_queue, ...rest }) => rest) };
  };
  expect(shape("production")).toEqual(shape(""));
});

it("shares no name, id or counter between environments, but the pool of analysts", () => {
  const names = ENVIRONMENTS.flatMap((env) => {
    const config = read(env);
    return [
      config.name,
      // Staging has its analysts on the pool of production: two pools would take more connections than their role may have.
      // As a reader it has no role that writes.
      ...config.hyperdrive.flatMap(({ binding, id }) =>
        env === "staging" && binding !== "DB_READ" ? [] : [id],
      ),
      ...config.kv_namespaces.map(({ id }) => id),
      ...config.r2_buckets.map(({ bucket_name }) => bucket_name),
      ...(config.queues.consumers ?? []).map(({ queue }) => queue),
      ...config.analytics_engine_datasets.map(({ dataset }) => dataset),
      ...config.ratelimits.map(({ namespace_id }) => namespace_id),
    ];
  });
  expect(new Set(names).size).toBe(names.length);
});

it.each(ENVIRONMENTS)("limits callers as the code says that it does (%s)", (env) => {
  const declared = read(env).ratelimits.map(({ name, simple }) => [
    name,
    { quota: simple.limit, windowS: simple.period },
  ]);
  expect(Object.fromEntries(declared)).toEqual({ ...RATE_LIMITS, ...PUSH_LIMITS });
});

it("lets pages in that the service configuration takes", () => {
  for (const env of ENVIRONMENTS) {
    const { CORS_ORIGINS } = serviceConfig(read(env).vars);
    expect(CORS_ORIGINS).toHaveLength(env === "" ? 1 : 4);
  }
});

it("lets in the four pages, over https, each environment its own", () => {
  const origins = ["staging", "production"].map((env) => String(read(env).vars.CORS_ORIGINS).split(","));
  for (const pages of origins) {
    expect(pages.map((page) => new URL(page).hostname.split(".")[0]?.replace(/-staging$/, ""))).toEqual([
      ...["fleetnow", "fleetops", "live", "trips"],
    ]);
    for (const page of pages) expect(page).toMatch(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  }
  expect(new Set(origins.flat()).size).toBe(8);
});

it("opens reads in no environment that is deployed", () => {
  for (const env of ["staging", "production"]) {
    expect(read(env).vars.OPEN_READS).toBe("");
  }
});

it("has every version exact, and no secret", async () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    await readFile("package.json", "utf8"),
  ) as Record<string, Record<string, string>>;
  const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  for (const env of ENVIRONMENTS) {
    const { vars, secrets } = read(env) as { vars: Record<string, string>; secrets: { required: string[] } };
    expect(Object.keys(vars).filter((name) => secrets.required.includes(name))).toEqual([]);
    expect(JSON.stringify(vars)).not.toMatch(/postgres:\/\/[^"]*:[^"]*@|secret|password/i);
  }
});
