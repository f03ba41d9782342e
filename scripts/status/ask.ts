import * as z from "zod";
import { complaintOf, strangerAt, unansweredBy } from "../api/complaint.ts";

const amount = z.object({ messages: z.number(), items: z.number() });
const instant = z.string().nullable();

/** What is read of each answer; `/openapi.json` describes all of it. */
const answers = {
  alive: z.object({ environment: z.string(), version: z.string(), warnings: z.array(z.string()) }),
  ready: z.object({
    database: z.enum(["ok", "down"]),
    backlog: z.object({ messages: z.number(), oldestAgeS: z.number().nullable() }).nullable(),
  }),
  ingest: z.object({ degraded: z.array(z.string()) }),
  jobs: z.object({
    jobs: z.array(
      z.object({
        job: z.string(),
        status: z.string(),
        off: z.boolean(),
        lastSuccessAt: instant,
        nextDueAt: z.string(),
        errorCode: z.string().nullable(),
        error: z.string().nullable(),
        depth: z.object({ waiting: z.number(), withQueue: z.number(), underWay: z.number() }).nullable(),
      }),
    ),
  }),
  ledger: z.object({
    balanced: z.boolean(),
    received: amount,
    delivered: z.object({ written: z.number(), duplicate: z.number(), rejected: z.number() }),
    parked: amount,
    dead: amount,
    pending: amount,
    missing: amount,
  }),
};

type Part = keyof typeof answers;

/** Where each is. */
const PATHS: Record<Part, string> = {
  alive: "/health",
  ready: "/health/ready",
  ingest: "/health/ingest",
  jobs: "/v1/jobs",
  ledger: "/v1/ledger",
};

/** An answer, or in a sentence why there is none. */
export type Told<Name extends Part> = z.output<(typeof answers)[Name]> | string;

/** What an environment says of itself. */
export type Status = { [Name in Part]: Told<Name> } & { url: string; askedAtMs: number };

/** Longer than any of these may take. */
const PATIENCE_MS = 30_000;

/** Asks for everything at once. @throws where nothing answers, or something else than this API */
export async function askStatus(url: string, key: string, askedAtMs: number): Promise<Status> {
  const [alive, ready, ingest, jobs, ledger] = await Promise.all([
    told("alive", url, key),
    told("ready", url, key),
    told("ingest", url, key),
    told("jobs", url, key),
    told("ledger", url, key),
  ]);
  return { url, askedAtMs, alive, ready, ingest, jobs, ledger };
}

async function told<Name extends Part>(part: Name, url: string, key: string): Promise<Told<Name>> {
  const response = await fetch(url + PATHS[part], {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: Error) => {
    throw new Error(unansweredBy(url, error));
  });
  const copy = response.clone();
  // Health tells of trouble with a 503, and what it always tells.
  const read = answers[part].safeParse(await response.json().catch(() => null));
  if (read.success) return read.data as Told<Name>;
  if (response.ok) throw new Error(strangerAt(url));
  return complaintOf(url, copy);
}
