import { join } from "node:path";
import type { Unstable_Config } from "wrangler";

/** The environments that are deployed. */
export const DEPLOYED = ["staging", "production"] as const;
export type Deployed = (typeof DEPLOYED)[number];

/** A binding of a resource that has an id of the account's. */
export interface Bound {
  binding: string;
  id: string;
}

/** What `wrangler.toml` says of an environment, as far as commands need it. */
export interface Environment {
  /** As `--env` names it; "" is the top level. */
  environment: string;
  /** The Worker's. */
  name: string;
  /** A reader reads the database of another environment: it migrates nothing. */
  isReader: boolean;
  vars: Record<string, unknown>;
  /** Patterns of its routes. */
  routes: string[];
  /** Names of the secrets it cannot do without. */
  requiredSecrets: string[];
  producers: { binding: string; queue: string }[];
  consumers: { queue: string; deadLetters: string | null }[];
  buckets: string[];
  namespaces: Bound[];
  hyperdrives: Bound[];
  counters: { name: string; id: string }[];
  /** What decides whether two versions may share the traffic: the Durable Object classes as declared. */
  declaredObjects: Record<string, unknown>;
  /** Names of the classes that are bound. */
  boundClasses: string[];
}

/** What `--env` names. @throws with what it may be */
export function readDeployed(environment: string | undefined): Deployed {
  const found = DEPLOYED.find((name) => name === environment);
  if (found) return found;
  throw new Error(
    `Say which environment: --env staging or --env production${environment ? `, not "${environment}"` : ""}.`,
  );
}

/** Reads `wrangler.toml` as wrangler does. */
export async function readEnvironment(root: string, environment: string): Promise<Environment> {
  // It takes a second to load.
  const { unstable_readConfig } = await import("wrangler");
  const config: Unstable_Config = unstable_readConfig({
    config: join(root, "wrangler.toml"),
    env: environment,
  });
  const { vars, queues, durable_objects, exports = {} } = config;
  return {
    environment,
    name: config.name ?? "",
    isReader: vars.DATABASE_MODE === "reader",
    vars,
    routes: (config.routes ?? []).map((route) => (typeof route === "string" ? route : route.pattern)),
    requiredSecrets: config.secrets?.required ?? [],
    producers: (queues.producers ?? []).flatMap(({ binding, queue }) =>
      queue === undefined ? [] : { binding, queue },
    ),
    consumers: (queues.consumers ?? []).map(({ queue, dead_letter_queue }) => ({
      queue,
      deadLetters: dead_letter_queue ?? null,
    })),
    buckets: config.r2_buckets.flatMap(({ bucket_name }) => bucket_name ?? []),
    namespaces: config.kv_namespaces.map(({ binding, id = "" }) => ({ binding, id })),
    hyperdrives: config.hyperdrive.map(({ binding, id = "" }) => ({ binding, id })),
    counters: config.ratelimits.map(({ name, namespace_id }) => ({ name, id: namespace_id })),
    declaredObjects: Object.fromEntries(
      Object.entries(exports).filter(([, { type }]) => type === "durable-object"),
    ),
    boundClasses: durable_objects.bindings.flatMap(({ class_name, script_name }) =>
      script_name === undefined ? class_name : [],
    ),
  };
}

/** Whether an id is one that `wrangler.toml` came with, until the account gave the real one. */
export const isPlaceholder = (id: string): boolean => /^0{24}/.test(id);
