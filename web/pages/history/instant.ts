import { effect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Stretch } from "../../charts/strip.tsx";
import { joined, type Replay } from "./replay.ts";
import { type Day, linkedMs, noteInstant, rate, skips } from "./view.ts";

/** An instant that is dragged, or plays, is not one to be kept in a link. */
const NOTE_AFTER_MS = 600;

/** Ties the instant to the link, and to what is known of the day. */
export function useInstant(
  replay: Replay,
  { fromMs, toMs, vehicles }: Day & { vehicles: string },
  stretches: readonly (readonly Stretch[])[],
): void {
  const moving = useMemo(
    () =>
      joined(
        stretches
          .flat()
          .flatMap(({ kind, ...s }) => (kind === "moving" ? [[s.fromMs, s.toMs] as const] : [])),
      ),
    stretches.length === 0
      ? []
      : [
          stretches
            .flat()
            .map(({ fromMs: from, toMs: to }) => from + to)
            .join(),
        ],
  );
  const endMs = Math.max(fromMs, ...stretches.flat().map((stretch) => stretch.toMs));
  replay.set({ fromMs, toMs: endMs > fromMs ? endMs : toMs }, moving, rate.value, skips.value);

  // What is shown is of another day, or of others.
  useEffect(() => replay.forget, [replay, fromMs, vehicles]);

  // A link's instant, of now or after going back; without one the day begins when somebody sets off.
  const linked = linkedMs.value;
  useEffect(() => {
    // Links have whole seconds.
    const isAway = Math.abs((linked ?? 0) - (replay.atMs.peek() ?? 0)) >= 1000;
    if (linked !== null && isAway && !replay.isPlaying.peek()) replay.seek(linked);
  }, [replay, linked, fromMs, vehicles]);
  const begin =
    stretches.length > 0 && stretches.every((one) => one.length > 0) ? (moving[0]?.[0] ?? fromMs) : null;
  useEffect(() => {
    if (begin !== null && replay.atMs.peek() === null) replay.seek(linkedMs.peek() ?? begin);
  }, [replay, begin, fromMs, vehicles]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const end = effect(() => {
      const atMs = replay.atMs.value;
      const isPlaying = replay.isPlaying.value;
      clearTimeout(timer);
      // Where it began by itself the link says nothing of it.
      if (isFirst || atMs === null || isPlaying) {
        isFirst = atMs === null;
        return;
      }
      timer = setTimeout(() => noteInstant(atMs), NOTE_AFTER_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [replay, fromMs, vehicles]);
}
