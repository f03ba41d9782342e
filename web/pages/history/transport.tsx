import { Segmented } from "../../parts/segmented.tsx";
import { timeS } from "../../parts/time.ts";
import { words } from "../../texts/history.ts";
import { LAST_MS, type Replay, type Span } from "./replay.ts";
import { chooseRate, chooseSkips, RATES, rate, skips } from "./view.ts";

/** Step of the slider by the arrow keys. */
const STEP_MS = 10_000;

const rates = RATES.map((value) => ({ value: String(value), label: words.times(value) }));

/** Plays the day: the instant, how fast it runs, whether it skips what stands still. */
export function Transport({
  replay,
  span,
  isKept,
  onKeep,
}: {
  replay: Replay;
  span: Span;
  isKept: boolean;
  onKeep: (isKept: boolean) => void;
}) {
  const isPlaying = replay.isPlaying.value;
  return (
    <section class="history-transport" aria-label={words.replay}>
      <button
        type="button"
        class="button primary history-play"
        aria-label={isPlaying ? words.pause : words.play}
        onClick={() => (isPlaying ? replay.pause() : replay.play())}
      >
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path
            d={isPlaying ? "M7 4v12M13 4v12" : "M6 3.500v13l10-6.500z"}
            fill={isPlaying ? "none" : "currentcolor"}
          />
        </svg>
      </button>
      <Slider replay={replay} span={span} />
      <div class="history-how">
        <Segmented
          label={words.rate}
          options={rates}
          value={String(rate.value)}
          onChange={(value) => chooseRate(Number(value))}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={skips.value}
            onChange={({ currentTarget }) => chooseSkips(currentTarget.checked)}
          />
          {words.skip}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isKept}
            onChange={({ currentTarget }) => onKeep(currentTarget.checked)}
          />
          {words.keep}
        </label>
      </div>
    </section>
  );
}

/** Apart, since it changes with every frame. */
function Slider({ replay, span }: { replay: Replay; span: Span }) {
  const atMs = replay.atMs.value ?? span.fromMs;
  return (
    <>
      <output class="history-time figures" aria-hidden="true">
        {timeS(atMs)}
      </output>
      <input
        type="range"
        class="history-slider"
        aria-label={words.time}
        aria-valuetext={timeS(atMs)}
        min={span.fromMs}
        max={span.toMs - LAST_MS}
        step={STEP_MS}
        value={atMs}
        onInput={({ currentTarget }) => {
          replay.pause();
          replay.seek(Number(currentTarget.value));
        }}
      />
    </>
  );
}
