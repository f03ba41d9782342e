import * as z from "zod";
import { complaintOf, strangerAt, unansweredBy } from "../api/complaint.ts";

const amount = z.object({ messages: z.number(), items: z.number() });
const instant = z.string().nullable();

const kept = z.object({
  objects: z.array(z.object({ items: z.number() })),
  next: z.string().nullable(),
});

/** What is read of each answer; `/openapi.json` describes all of it. */
const answers = {
  alive: z.object({
    environment: z.string(),
    mode: z.enum(["owner", "reader"]),
    version: z.string(),
    warnings: z.array(z.string()),
  }),
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
  alerts: z.object({
    evaluatedAt: instant,
    alerts: z.array(
      z.object({
        title: z.string(),
        text: z.string(),
        severity: z.string(),
        since: z.string(),
        rule: z.string(),
      }),
    ),
    targets: z.array(z.object({ kind: z.string(), host: z.string(), failures: z.number(), reason: instant })),
  }),
  parked: kept,
  deadLetters: kept,
  ledger: z.object({
    balanced: z.boolean(),
    received: amount,
    delivered: z.object({ written: z.number(), duplicate: z.number(), rejected: z.number() }),
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
  alerts: "/v1/alerts",
  parked: "/v1/parked",
  deadLetters: "/v1/dead-letters",
  ledger: "/v1/ledger",
};

/** An answer, or in a sentence why there is none. */
export type Told<Name extends Part> = z.output<(typeof answers)[Name]> | string;

/** What an environment says of itself. */
export type Status = { [Name in Part]: Told<Name> } & { url: string; askedAtMs: number };

/** Longer than the API itself waits for a database that hangs. */
const PATIENCE_MS = 45_000;

/**
 * Asks for everything at once.
 * @throws where nothing answers, or something else than this API, or `over` is aborted
 */
export async function askStatus(
  { url, key }: { url: string; key: string },
  askedAtMs: number,
  over: AbortSignal,
): Promise<Status> {
  const told = async <Name extends Part>(part: Name): Promise<Told<Name>> => {
    let status: number;
    let text: string;
    try {
      const signal = AbortSignal.any([over, AbortSignal.timeout(PATIENCE_MS)]);
      const response = await fetch(url + PATHS[part], {
        headers: { authorization: `Bearer ${key}` },
        signal,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      // What touches nothing always answers, where anything does.
      if (part === "alive" || over.aborted) throw new Error(unansweredBy(url, error as Error));
      return unansweredBy(url + PATHS[part], error as Error);
    }
    // Health tells of trouble with a 503, and what it always tells.
    const body = jsonOf(text);
    const read = answers[part].safeParse(body);
    if (read.success) return read.data as Told<Name>;
    if (status === 200) throw new Error(strangerAt(url));
    return complaintOf(url, status, body);
  };
  const [alive, ready, ingest, jobs, alerts, parked, deadLetters, ledger] = await Promise.all([
    told("alive"),
    told("ready"),
    told("ingest"),
    told("jobs"),
    told("alerts"),
    told("parked"),
    told("deadLetters"),
    told("ledger"),
  ]);
  return { url, askedAtMs, alive, ready, ingest, jobs, alerts, parked, deadLetters, ledger };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
