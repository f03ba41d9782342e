import { age } from "../../parts/format.ts";
import { timeS } from "../../parts/time.ts";
import { now as clock } from "../../shell/clock.ts";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";
import { knownAtMs, lookAgain, type Now } from "./now.ts";

/** How old what is shown is, and a way to look at once. */
export function Freshness({ now }: { now: Now }) {
  const atMs = knownAtMs(now);
  return (
    <div class="freshness">
      {/* It changes every second: read when it is come to, never by itself. */}
      <p class="soft small figures">
        {atMs === null ? t.loading : ingest.asOf(timeS(atMs), age(atMs, clock.value))}
        <br />
        {ingest.every}
      </p>
      <button type="button" class="button" onClick={() => lookAgain(now)}>
        {ingest.lookAgain}
      </button>
    </div>
  );
}
