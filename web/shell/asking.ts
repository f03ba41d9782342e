import { backOffMs } from "../client/pause.js";
import { ApiError, client } from "./api.ts";
import { type Known, keep } from "./kept-answers.ts";

export const NOTHING: Known<never> = {
  key: null,
  data: null,
  dataKey: null,
  error: null,
  isLoading: false,
  loadedAtMs: null,
};

/** Asks, asks again every so often and after failures, and not while nobody looks. */
export function keepAsking<T>({
  key,
  load,
  everyMs,
  onKnown,
}: {
  key: string;
  load: (signal: AbortSignal) => Promise<T>;
  everyMs: number | undefined;
  onKnown: (change: (before: Known<T>) => Known<T>) => void;
}) {
  const closing = new AbortController();
  let current = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** When it is due again, while the page is hidden too; null: not by itself. */
  let dueAtMs: number | null = null;
  let failures = 0;

  async function askNow(): Promise<void> {
    clearTimeout(timer);
    dueAtMs = null;
    current.abort();
    current = new AbortController();
    const { signal } = current;
    onKnown((before) => ({
      ...before,
      key,
      error: before.key === key ? before.error : null,
      isLoading: true,
    }));
    try {
      const data = await load(signal);
      if (signal.aborted) return;
      failures = 0;
      const known = { key, data, dataKey: key, error: null, isLoading: false, loadedAtMs: client.nowMs() };
      keep(key, known);
      onKnown(() => known);
      if (everyMs !== undefined) askIn(everyMs);
    } catch (reason) {
      if (signal.aborted) return;
      failures += 1;
      const error = asApiError(reason);
      onKnown((before) => ({ ...before, key, error, isLoading: false }));
      if (isPassing(error)) askIn(backOffMs(failures, error.retryAfterS));
    }
  }

  function askIn(ms: number): void {
    dueAtMs = Date.now() + ms;
    timer = setTimeout(askIfSeen, ms);
  }

  function askIfSeen(): void {
    if (!document.hidden) void askNow();
  }

  const { signal } = closing;
  document.addEventListener(
    "visibilitychange",
    () => {
      if (dueAtMs !== null && Date.now() >= dueAtMs) askIfSeen();
    },
    { signal },
  );
  addEventListener(
    "online",
    () => {
      if (failures > 0) void askNow();
    },
    { signal },
  );
  void askNow();

  return {
    askNow: () => void askNow(),
    close() {
      clearTimeout(timer);
      closing.abort();
      current.abort();
    },
  };
}

/** Whether asking again may help: the connection, or the server's own trouble. */
function isPassing({ status, code }: ApiError): boolean {
  return (status === 0 && code !== "signed_out") || status === 429 || status >= 500;
}

/** A failure of our own in reading what came is shown as one, not thrown away. */
function asApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  return new ApiError({
    code: "unreadable_answer",
    title: "The answer could not be read",
    detail: reason instanceof Error ? reason.message : String(reason),
  });
}
