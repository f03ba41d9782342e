import { computed, effect, signal, untracked } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { age, count } from "../parts/format.ts";
import { timeInZone } from "../parts/time.ts";
import { t } from "../texts/en.ts";
import type { ApiError } from "./api.ts";
import { now } from "./clock.ts";
import { behindSince, isFollowed, line, vehicles } from "./fleet.ts";
import { session, sessionError } from "./session.ts";
import { isSignedOut } from "./sign-in.ts";

/** The server says something every 30 s: longer without is not live, even when nothing has failed yet. */
const LIVE_MS = 45_000;
/** A line that is back so soon is not worth a word: the service was renewed, or a phone changed its mast. */
const BREAK_MS = 5_000;
/** Connected, but nothing comes in from any vehicle: the collection behind the server stands still. */
const QUIET_MS = 15 * 60_000;

/** What the banner says, in three parts: the age in the middle changes every second and is not read out. */
export interface Warning {
  sentence: string;
  age: string;
  reason: string;
}

const online = signal(navigator.onLine);
/** Since when the line is down, by this device's own clock, which only counts here; null while it is not. */
const downAtMs = signal<number | null>(null);

/** When any vehicle was last heard of. */
const heardAtMs = computed(() => {
  let newest = Number.NaN;
  for (const { contactAt, fixAt } of vehicles.value.values()) {
    const ms = Date.parse(contactAt ?? fixAt ?? "");
    if (!(ms <= newest) && !Number.isNaN(ms)) newest = ms;
  }
  return newest;
});

/** Up to when the picture is true, by the server's clock; null before the first. */
const trueUntilMs = computed(() => {
  const { trueAtMs } = line.value;
  if (trueAtMs === null) return null;
  return Math.min(trueAtMs, behindSince.value === null ? Infinity : Date.parse(behindSince.value));
});

/** Why an answer did not come, in the banner's words. */
export function reasonOf({ code, status, title }: ApiError): string {
  if (!online.value) return t.line.offline;
  if (code === "line_broken") return t.line.broken;
  if (code === "signed_out") return t.line.signedOut;
  if (status > 0) return t.line.answers(title);
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** What a reader has to know before trusting what is shown; null while it is live. */
export const warning = computed((): Warning | null => {
  const { trueAtMs, error, paused } = line.value;
  if (!isFollowed.value) return warningOfSession();
  if (trueAtMs === null || trueUntilMs.value === null) {
    // The key form says the rest.
    if (error === null || error.isRefusal) return null;
    return { sentence: `${t.line.noDataYet}: `, age: "", reason: `${reasonOf(error)}, ${t.line.trying}` };
  }
  if (error?.isRefusal) return dataFrom(trueAtMs, t.line.keyNeeded);
  const isDown = !online.value || (downAtMs.value !== null && Date.now() - downAtMs.value > BREAK_MS);
  if (isDown || now.value - trueAtMs > LIVE_MS) {
    const waiting = paused ? t.line.paused : t.line.waiting;
    const reason = online.value ? waiting : t.line.offline;
    return dataFrom(trueUntilMs.value, error ? reasonOf(error) : reason);
  }
  if (behindSince.value !== null) return dataFrom(Date.parse(behindSince.value), t.line.databaseAway);
  if (now.value - heardAtMs.value > QUIET_MS) {
    const sentence = t.line.quiet(timeInZone(heardAtMs.value));
    return { sentence: `${sentence}, `, age: t.line.ago(age(heardAtMs.value, now.value)), reason: "" };
  }
  return warningOfSession();
});

/** Whether what the map shows is live: `waiting` before the first picture. */
export const liveState = computed((): "waiting" | "stale" | "live" => {
  if (line.value.trueAtMs === null) return "waiting";
  const { zoneUnknown, signedOut } = t.line;
  // Of these the vehicles know nothing.
  const isLive = warning.value === null || [zoneUnknown, signedOut].includes(warning.value.sentence);
  return isLive ? "live" : "stale";
});

/** The banner over every page. It lies over what is below: nothing moves when it comes and goes. */
export function ConnectionBanner() {
  useEffect(watchLine, []);
  const shown = warning.value;
  return (
    <div class="banner-place" role="alert">
      {shown && (
        <p id="banner" class="banner">
          <span>{shown.sentence}</span>
          <span aria-hidden="true">{shown.age}</span>
          <span>{shown.reason && (shown.age ? `: ${shown.reason}` : shown.reason)}</span>
          {isSignedOut.value && (
            <>
              {" "}
              <button type="button" class="button plain" onClick={() => location.reload()}>
                {t.reload}
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}

/** How many vehicles there are, and whether they are live, for the head of a page that shows them. */
export function LiveStamp() {
  const state = liveState.value;
  const error = line.value.error;
  const words = { waiting: error ? t.line.noData : t.loading, stale: t.line.notLive, live: t.line.live };
  const size = vehicles.value.size;
  return (
    <p class="live-stamp">
      <span id="status" role="status" data-state={state}>
        <span class="live-dot" aria-hidden="true" />
        {state === "waiting" ? words.waiting : `${t.line.vehicles(size, count(size))} · ${words[state]}`}
      </span>
      <time id="clock" class="figures">
        {trueUntilMs.value === null ? "" : timeInZone(trueUntilMs.value)}
      </time>
    </p>
  );
}

/** Keeps what hangs on the line in step: since when it is down, and the marks on the page that styles hang on. */
function watchLine(): () => void {
  const closing = new AbortController();
  const look = () => {
    online.value = navigator.onLine;
  };
  for (const event of ["online", "offline"]) addEventListener(event, look, { signal: closing.signal });
  const ends = [
    effect(() => {
      const isDown = line.value.error !== null;
      untracked(() => {
        downAtMs.value = isDown ? (downAtMs.value ?? Date.now()) : null;
      });
    }),
    effect(() => {
      document.documentElement.dataset.live = liveState.value;
      document.documentElement.dataset.via = line.value.via;
    }),
  ];
  return () => {
    closing.abort();
    for (const end of ends) end();
  };
}

function dataFrom(atMs: number, reason: string): Warning {
  return {
    sentence: `${t.line.asOf(timeInZone(atMs))}, `,
    age: t.line.ago(age(atMs, now.value)),
    reason,
  };
}

function warningOfSession(): Warning | null {
  if (!online.value) return { sentence: t.line.offline, age: "", reason: "" };
  if (isSignedOut.value) return { sentence: t.line.signedOut, age: "", reason: "" };
  const error = sessionError.value;
  if (error && !error.isRefusal && session.value === null)
    return { sentence: `${t.line.noDataYet}: `, age: "", reason: `${reasonOf(error)}, ${t.line.trying}` };
  if (session.value?.timeZone === null) return { sentence: t.line.zoneUnknown, age: "", reason: "" };
  return null;
}
