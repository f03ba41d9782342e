import type { Usage } from "./usage.ts";

/** A price of the list. */
export interface Price {
  /** What it is called where it is shown. */
  name: string;
  /** A month and account. */
  included: number;
  dollars: number;
  /** So many of them cost that. */
  per: number;
  /** Whether a part of `per` costs as much as the whole. */
  whole?: true;
}

/**
 * List prices of the Workers Paid plan as they stood on 2026-11-20, from the pages of developers.cloudflare.com:
 * Workers › Pricing (requests, CPU, logs, KV), Queues › Pricing, Durable Objects › Pricing, R2 › Pricing, Analytics Engine ›
 * Pricing. Hyperdrive and requests for assets cost nothing.
 */
export const PRICES: Record<keyof Usage, Price> = {
  queueOperations: { name: "queue operations", included: 1e6, dollars: 0.4, per: 1e6 },
  logEvents: { name: "log lines", included: 20e6, dollars: 0.6, per: 1e6 },
  requests: { name: "Worker requests", included: 10e6, dollars: 0.3, per: 1e6 },
  points: { name: "Analytics Engine points", included: 10e6, dollars: 0.25, per: 1e6 },
  classA: { name: "R2 writes and lists", included: 1e6, dollars: 4.5, per: 1e6, whole: true },
  classB: { name: "R2 reads", included: 10e6, dollars: 0.36, per: 1e6, whole: true },
  archiveGb: { name: "R2 storage, GB", included: 10, dollars: 0.015, per: 1, whole: true },
  cpuMs: { name: "Worker CPU, ms", included: 30e6, dollars: 0.02, per: 1e6 },
  objectRequests: { name: "object requests", included: 1e6, dollars: 0.15, per: 1e6 },
  objectGbS: { name: "object duration, GB-s", included: 400_000, dollars: 12.5, per: 1e6, whole: true },
  rowsWritten: { name: "object rows written", included: 50e6, dollars: 1, per: 1e6 },
  kvReads: { name: "KV reads", included: 10e6, dollars: 0.5, per: 1e6 },
};

/** The plan, a month. */
export const PLAN_DOLLARS = 5;

/** What a month's use of something costs beyond what is included. */
export function dollarsOf({ included, dollars, per, whole }: Price, used: number): number {
  const units = Math.max(0, used - included) / per;
  return (whole ? Math.ceil(units) : units) * dollars;
}

/** What an account pays for a month: the plan, and what is beyond it. */
export function bill(usage: Usage): number {
  return (Object.keys(PRICES) as (keyof Usage)[]).reduce(
    (sum, quantity) => sum + dollarsOf(PRICES[quantity], usage[quantity]),
    PLAN_DOLLARS,
  );
}

/** What usage would cost without anything included or rounded up: it changes no more than what is used. */
export const worth = (usage: Usage): number =>
  (Object.keys(PRICES) as (keyof Usage)[]).reduce(
    (sum, quantity) => sum + (usage[quantity] / PRICES[quantity].per) * PRICES[quantity].dollars,
    0,
  );
