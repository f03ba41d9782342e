import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { backOffMs, createPause } from "../client/pause.js";
import { type Answers, ApiError, ask } from "./api.ts";
import { lookAtClock } from "./clock.ts";
import { keyNumber } from "./key.ts";

type Session = Answers["Session"];

/** The server that does not know the fleet's zone yet is asked again. */
const ZONE_AGAIN_MS = 15_000;
const ZONE_STORED_AS = "tracksolid-edge.zone";

const known = signal<Session | null>(null);
const failed = signal<ApiError | null>(null);
const lastZone = signal(storedZone());

/** Who asks, what they may do, what the map lies on; null until the server has said. */
export const session: ReadonlySignal<Session | null> = known;
/** Why the server has not said so yet. */
export const sessionError: ReadonlySignal<ApiError | null> = failed;

/** The fleet's time zone, IANA. Before the server has named it: the one of the last visit, else UTC. */
export const zone: ReadonlySignal<string> = computed(() => known.value?.timeZone ?? lastZone.value ?? "UTC");

/** Whether the caller may do what asks for a scope, e.g. `may("admin")`. */
export const may = (scope: string): boolean => known.value?.scopes.some((has) => has === scope) ?? false;

/** Begins to ask who asks, and asks again with every other key. */
export function startSession(): void {
  let asking = new AbortController();
  effect(() => {
    keyNumber.value;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    untracked(() => void learn(signal));
  });
}

async function learn(signal: AbortSignal): Promise<void> {
  const pause = createPause();
  signal.addEventListener("abort", pause.wake);
  addEventListener("online", pause.wake, { signal });
  for (let failures = 0; !signal.aborted; ) {
    try {
      const answer = await ask("Session", "/v1/session", {}, { signal });
      if (signal.aborted) return;
      failures = 0;
      failed.value = null;
      known.value = answer;
      lookAtClock();
      if (answer.timeZone !== null) return keepZone(answer.timeZone);
      await pause.rest(ZONE_AGAIN_MS);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      failed.value = error instanceof ApiError ? error : null;
      // With the same key it is refused again: the form asks for another one.
      if (failed.value?.isRefusal) {
        known.value = null;
        return;
      }
      await pause.rest(backOffMs(failures, failed.value?.retryAfterS ?? null));
    }
  }
}

function keepZone(timeZone: string): void {
  lastZone.value = timeZone;
  try {
    localStorage.setItem(ZONE_STORED_AS, timeZone);
  } catch {
    // Then the next visit begins in UTC.
  }
}

function storedZone(): string | null {
  try {
    const stored = localStorage.getItem(ZONE_STORED_AS);
    // Whoever put it there: a zone that is none would break every time on the page.
    if (stored !== null) new Intl.DateTimeFormat("en-GB", { timeZone: stored });
    return stored;
  } catch {
    return null;
  }
}
