import type { Bound, Environment } from "../cloudflare/environment.ts";
import { type Pool, pools } from "../roles/pools.ts";
import { type Origin, readOrigin, variableOf } from "./origin.ts";

/** As long as Cloudflare keeps a message at most. */
export const RETENTION_S = 14 * 86_400;

/** Queues whose messages are data, and may wait out a database that is away for days. */
export interface WantedQueue {
  name: string;
  isKept: boolean;
}

/** A Hyperdrive configuration, and which bindings of the environment are on it. */
export interface WantedPool {
  pool: Pool;
  name: string;
  bindings: Bound[];
  /** Null where its URL was not given: enough for one that is there and right. */
  origin: Origin | null;
}

/** All that an environment needs of the account. */
export interface Wanted {
  queues: WantedQueue[];
  buckets: string[];
  namespaces: (Bound & { title: string })[];
  pools: WantedPool[];
}

/** @throws where `wrangler.toml` and `scripts/roles/pools.ts` disagree, or a URL is wrong */
export function wantedOf(environment: Environment, urls: Record<string, string | undefined>): Wanted {
  const { producers, consumers, buckets, namespaces, hyperdrives } = environment;
  const dead = consumers.flatMap(({ deadLetters }) => deadLetters ?? []);
  const kept = new Set([
    ...producers.filter(({ binding }) => binding === "WRITES").map(({ queue }) => queue),
    ...dead,
  ]);
  const names = new Set([
    ...producers.map(({ queue }) => queue),
    ...consumers.map(({ queue }) => queue),
    ...dead,
  ]);
  const groups = Map.groupBy(hyperdrives, ({ id }) => id);
  return {
    queues: [...names].map((name) => ({ name, isKept: kept.has(name) })),
    buckets,
    namespaces: namespaces.map((bound) => ({
      ...bound,
      title: `tracksolid-${bound.binding.toLowerCase()}-${environment.environment}`,
    })),
    pools: [...groups.values()].map((bindings) => {
      const pool = poolOf(environment.environment, bindings);
      const url = urls[variableOf(pool)];
      return { pool, name: poolName(pool), bindings, origin: url ? readOrigin(pool, url) : null };
    }),
  };
}

/** Bindings with one id are one pool. */
function poolOf(environment: string, bindings: Bound[]): Pool {
  const pool = pools.find(
    (candidate) =>
      candidate.environments.includes(environment) &&
      bindings.some(({ binding }) => binding === candidate.binding),
  );
  if (pool) return pool;
  const names = bindings.map(({ binding }) => binding).join(", ");
  throw new Error(
    `scripts/roles/pools.ts has no pool for ${names} of ${environment}: add it, with its limit.`,
  );
}

const poolName = ({ binding, environments }: Pool): string =>
  [
    "tracksolid",
    binding.replace("DB_", "").toLowerCase(),
    ...(environments.length > 1 ? [] : environments),
  ].join("-");
