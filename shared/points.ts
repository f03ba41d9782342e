import type { JimiFailure } from "./jimi/failures.ts";
import { log, messageOf } from "./log.ts";

/**
 * Points of Workers Analytics Engine, in the dataset `tracksolid_<environment>`. Kept for three months, read with SQL
 * (docs/runbook.md), sampled: multiply by `_sample_interval`.
 *
 * | column  | request               | push                | batch                    | vendor                      |
 * | ------- | --------------------- | ------------------- | ------------------------ | --------------------------- |
 * | index1  | route pattern         | kind                | `writer`                 | method                      |
 * | blob1   | `request`             | `push`              | `batch`                  | `vendor`                    |
 * | blob2   | route pattern         | kind                | `written` or `failed`    | method                      |
 * | blob3   | HTTP method           |                     |                          | `ok`, or kind of the failure |
 * | blob4   | status                | status              |                          | code of the vendor, or empty |
 * | blob5   | kind of the caller    |                     |                          |                             |
 * | double1 | duration, ms          | duration, ms        | duration, ms             | duration of all calls, ms   |
 * | double2 |                       | items               | messages                 | calls                       |
 * | double3 |                       |                     | rows inserted            | longest call, ms            |
 * | double4 |                       |                     | rows updated             |                             |
 * | double5 |                       |                     | rows that were there     |                             |
 * | double6 |                       |                     | items rejected           |                             |
 * | double7 |                       |                     | lag: age of the oldest answer, ms |                    |
 */
interface Point {
  index: string;
  blobs: string[];
  doubles: number[];
}

/** The platform takes 250 points per invocation; the rest is left to others of the same one. */
const MOST_VENDOR_POINTS = 200;

/** Notes a request that was answered. */
export function noteRequest(
  env: Env,
  request: { route: string; method: string; status: number; callerKind: string; durationMs: number },
): void {
  const { route, method, status, callerKind, durationMs } = request;
  write(env, {
    index: route,
    blobs: ["request", route, method, String(status), callerKind],
    doubles: [durationMs],
  });
}

/** Notes a push that was answered. */
export function notePush(
  env: Env,
  push: { kind: string; status: number; items: number; durationMs: number },
): void {
  const { kind, status, items, durationMs } = push;
  write(env, { index: kind, blobs: ["push", kind, "", String(status)], doubles: [durationMs, items] });
}

/** Notes a batch of the writer. */
export function noteBatch(
  env: Env,
  batch: {
    outcome: "written" | "failed";
    durationMs: number;
    messages: number;
    inserted: number;
    updated: number;
    duplicate: number;
    rejected: number;
    lagMs: number;
  },
): void {
  const { outcome, durationMs, messages, inserted, updated, duplicate, rejected, lagMs } = batch;
  write(env, {
    index: "writer",
    blobs: ["batch", outcome],
    doubles: [durationMs, messages, inserted, updated, duplicate, rejected, lagMs],
  });
}

/** Calls of the vendor's methods, added up by what became of them: a run makes more than it may write points. */
export class VendorCalls {
  readonly #sums = new Map<string, Point>();

  /** Adds a call. @param failure null for one that was answered. */
  add(method: string, failure: JimiFailure | null, durationMs: number): void {
    const blobs = ["vendor", method, failure?.kind ?? "ok", failure?.code ?? ""];
    const [totalMs = 0, calls = 0, longestMs = 0] = this.#sums.get(blobs.join())?.doubles ?? [];
    const doubles = [totalMs + durationMs, calls + 1, Math.max(longestMs, durationMs)];
    this.#sums.set(blobs.join(), { index: method, blobs, doubles });
  }

  /** Notes what was added. To be called once, at the end. */
  note(env: Env): void {
    for (const point of [...this.#sums.values()].slice(0, MOST_VENDOR_POINTS)) write(env, point);
  }
}

/** Handed to the platform and forgotten: nothing may fail because it was not counted. */
function write(env: Env, { index, blobs, doubles }: Point): void {
  try {
    env.METRICS.writeDataPoint({ indexes: [index], blobs, doubles });
  } catch (error) {
    log("warn", "point_not_written", { point: blobs[0], error: messageOf(error) });
  }
}
