// How many alarms are unread, for their tab. What follows them comes after the first view.

import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** On a bad line it may fail to come. */
const AGAIN_MS = 10_000;

const followed = signal<typeof import("./alarms.ts") | null>(null);

export const unread: ReadonlySignal<number> = computed(() => followed.value?.unread.value ?? 0);

/** Follows them while somebody looks. @returns ends it */
export function followAlarms(): () => void {
  let end = () => {};
  let isOver = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  function begin() {
    import("./alarms.ts").then(
      (alarms) => {
        if (isOver) return;
        followed.value = alarms;
        end = alarms.followAlarms();
      },
      () => {
        if (!isOver) again = setTimeout(begin, AGAIN_MS);
      },
    );
  }
  begin();
  return () => {
    isOver = true;
    clearTimeout(again);
    end();
  };
}
