import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "./api.ts";
import { keepAsking, NOTHING } from "./asking.ts";
import { type Known, keptAnswer } from "./kept-answers.ts";
import { keyNumber } from "./key.ts";

/** What a component knows of an answer of the API. */
export interface Answer<T> {
  /** The last answer there was; of an earlier question while `isOld`. */
  data: T | null;
  /** Why there is no newer one. */
  error: ApiError | null;
  isLoading: boolean;
  /** When `data` came, by the server's clock. */
  loadedAtMs: number | null;
  /** `data` answers the question before this one, and is shown until this one is answered: nothing jumps. */
  isOld: boolean;
  reload: () => void;
}

/**
 * Asks while the component is there. Asks anew when `key` changes, every `everyMs`, after failures that may pass
 * (with growing pauses) and when another access key is given; not while the page is hidden. What is overtaken is aborted.
 * @param key names the question, e.g. path and query: two with one key share what is kept for going back; null asks nothing
 * @example
 * const coverage = useAnswer(`coverage ${from} ${to}`, (signal) => ask("Coverage", "/v1/coverage", { from, to }, { signal }));
 */
export function useAnswer<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs }: { everyMs?: number } = {},
): Answer<T> {
  const [known, setKnown] = useState<Known<T>>(NOTHING);
  const latest = useRef(load);
  latest.current = load;
  const asking = useRef<{ askNow: () => void } | null>(null);
  const accessKey = keyNumber.value;

  useEffect(() => {
    if (key === null) {
      setKnown(NOTHING);
      return;
    }
    const kept = keptAnswer<T>(key);
    if (kept) setKnown(kept);
    const mine = keepAsking<T>({ key, load: (signal) => latest.current(signal), everyMs, onKnown: setKnown });
    asking.current = mine;
    return () => mine.close();
    // Another access key asks the same question again.
  }, [key, everyMs, accessKey]);

  const { data, dataKey, error, loadedAtMs, isLoading } = shownOf(key, known);
  return {
    ...{ data, error, isLoading, loadedAtMs },
    isOld: data !== null && dataKey !== key,
    reload: () => asking.current?.askNow(),
  };
}

/** Before the question of this very moment was asked, what is kept for it, else the answer to the one before. */
function shownOf<T>(key: string | null, known: Known<T>): Known<T> {
  if (key === null) return NOTHING;
  if (known.key === key) return known;
  return { ...(keptAnswer<T>(key) ?? { ...known, error: null }), isLoading: true };
}
