import type { ApiError } from "./api.ts";

/** So many answers are kept for a page that is gone back to. */
const KEPT = 24;

/** What is known of an answer. */
export interface Known<T> {
  /** The question. */
  key: string | null;
  data: T | null;
  /** What `data` is the answer to: the question before, until this one is answered. */
  dataKey: string | null;
  error: ApiError | null;
  isLoading: boolean;
  /** By the server's clock. */
  loadedAtMs: number | null;
}

const kept = new Map<string, Known<unknown>>();

/** The answer as it was when it was last asked for. Whoever asks with one key expects one kind of answer. */
export function keptAnswer<T>(key: string): Known<T> | null {
  return (kept.get(key) as Known<T> | undefined) ?? null;
}

/** What one key was told is not for the next. */
export function forgetAnswers(): void {
  kept.clear();
}

/** Keeps an answer. */
export function keep(key: string, known: Known<unknown>): void {
  kept.delete(key);
  kept.set(key, known);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}
