import { setTimeout as sleep } from "node:timers/promises";

/** The vendor waits no longer for an answer (nobody knows how long it does). */
const PATIENCE_MS = 30_000;
/** Redirects that are followed; any other counts as no answer (reference §3.1). */
const FOLLOWED = [300, 301, 302, 303];
const MOST_REDIRECTS = 3;
const REFUSAL_KEPT = 300;

export interface Delivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Outcome {
  accepted: boolean;
  tries: number;
  /** Status and text of the last answer that was no success; status 0 when none came. */
  refusal?: { status: number; text: string };
}

export interface Policy {
  tries: number;
  spacingMs: number;
  successCode: number;
  signal: AbortSignal;
  /** Holds a place among those on their way for the time of one try. */
  inTurn<T>(job: () => Promise<T>): Promise<T>;
}

/** Posts a body until it is accepted, the tries are used up or the world ends; then the data is discarded. */
export async function deliver(delivery: Delivery, policy: Policy): Promise<Outcome> {
  const outcome: Outcome = { accepted: false, tries: 0 };
  while (!policy.signal.aborted) {
    const { status, text } = await policy.inTurn(() => post(delivery, policy.signal));
    outcome.tries++;
    outcome.accepted = status === 200 && codeOf(text) === policy.successCode;
    if (outcome.accepted) break;
    outcome.refusal = { status, text: text.slice(0, REFUSAL_KEPT) };
    if (outcome.tries >= policy.tries) break;
    await sleep(policy.spacingMs, undefined, { signal: policy.signal }).catch(() => {});
  }
  return outcome;
}

async function post(
  { url, headers, body }: Delivery,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  try {
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(at, {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
      const text = await response.text();
      const to = response.headers.get("location");
      if (to === null || !FOLLOWED.includes(response.status) || redirects === MOST_REDIRECTS) {
        return { status: response.status, text };
      }
      at = new URL(to, at).href;
    }
  } catch (error) {
    return {
      status: 0,
      text: error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error),
    };
  }
}

function codeOf(text: string): unknown {
  try {
    return (JSON.parse(text) as { code?: unknown } | null)?.code;
  } catch {
    return undefined;
  }
}

/** Lets so many jobs run at once; the others wait in line. */
export function turns(most: number): Policy["inTurn"] {
  /** A set is a queue whose first leaves in no time, however long it is. */
  const waiting = new Set<() => void>();
  let running = 0;
  return async (job) => {
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.add(resolve));
    try {
      return await job();
    } finally {
      const [next] = waiting;
      // The place is handed on, so that nobody slips in between.
      if (next === undefined) running--;
      else {
        waiting.delete(next);
        next();
      }
    }
  };
}
