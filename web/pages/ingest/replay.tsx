import { useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { count } from "../../parts/format.ts";
import { PeriodPicker } from "../../parts/period.tsx";
import { instantsOf, type Period, periodOf } from "../../parts/periods.ts";
import { dateTime } from "../../parts/time.ts";
import { ingest } from "../../texts/ingest.ts";
import { PlayedFacts } from "./played-facts.tsx";
import { type Played, usePlaying, type Wanted } from "./playing.ts";

const words = ingest.replay;

/** Plays archived messages again: first only to count, then to write. */
export function Replay() {
  const [period, setPeriod] = useState<Period>(() => periodOf("yesterday"));
  const [kinds, setKinds] = useState("");
  const { played, start, goOn, stop, forget } = usePlaying();
  const isGoing = played?.is === "going";
  return (
    <section class="card" aria-labelledby="replay-title">
      <h2 id="replay-title">{words.title}</h2>
      <div class="stack">
        <p class="soft">{words.hint}</p>
        <fieldset class="stack" disabled={isGoing}>
          <legend class="unseen">{words.title}</legend>
          <PeriodPicker
            value={period}
            // What was counted is of another span then.
            onChange={(next) => {
              setPeriod(next);
              forget();
            }}
            presets={["today", "yesterday", "7d"]}
          />
          <label class="narrow-field">
            <span class="label">
              {words.kinds} <span class="soft small">{words.kindsHint}</span>
            </span>
            <input
              class="input"
              value={kinds}
              spellcheck={false}
              autocomplete="off"
              placeholder="location, pushgps"
              onInput={(event) => {
                setKinds(event.currentTarget.value);
                forget();
              }}
            />
          </label>
        </fieldset>
        <div class="row">
          <button
            type="button"
            class="button"
            disabled={isGoing}
            onClick={() => start(wantedOf(period, kinds), true)}
          >
            {words.dry}
          </button>
          {isGoing && (
            <button type="button" class="button" onClick={stop}>
              {words.stop}
            </button>
          )}
          {(played?.is === "stopped" || played?.is === "failed") && (
            <button type="button" class="button" onClick={goOn}>
              {words.goOn}
            </button>
          )}
          {played && isCounted(played) ? (
            <Write played={played} onStart={() => start(played.wanted, false)} />
          ) : (
            <span class="soft small">{hintOf(played)}</span>
          )}
        </div>
        {played && <PlayedFacts of={played} />}
      </div>
    </section>
  );
}

function hintOf(played: Played | null): string {
  if (played === null) return words.needsDry;
  if (!played.isDry || played.is === "going") return "";
  return played.is === "done" && played.messages > 0 ? words.noChange : words.needsDry;
}

/** Only what was counted to its end, and would change something, is offered to be written. */
const isCounted = (played: Played): boolean => played.isDry && played.is === "done" && changesOf(played) > 0;

const changesOf = ({ tables }: Played): number =>
  tables.reduce((sum, { inserted, changed }) => sum + inserted + changed, 0);

function Write({ played, onStart }: { played: Played; onStart: () => void }) {
  const { from, to } = played.wanted;
  return (
    <ActionButton
      scope="admin"
      isDangerous
      label={words.write}
      title={words.title2}
      explain={<p>{words.explain(dateTime(from), dateTime(to), count(changesOf(played)))}</p>}
      run={async () => <p>{words.started}</p>}
      onDone={onStart}
    />
  );
}

function wantedOf(period: Period, kinds: string): Wanted {
  const named = kinds.split(",").flatMap((kind) => kind.trim() || []);
  return { ...instantsOf(period), ...(named.length > 0 ? { kinds: named } : {}) };
}
