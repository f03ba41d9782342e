import type { ComponentChildren } from "preact";
import type { Answer } from "../shell/answer.ts";
import type { ApiError } from "../shell/api.ts";
import { now } from "../shell/clock.ts";
import { reasonOf } from "../shell/connection.tsx";
import { askForKey } from "../shell/key.ts";
import { t } from "../texts/en.ts";
import { age } from "./format.ts";
import { timeInZone } from "./time.ts";

/** Something is on its way. It is drawn after a moment only: most answers are there before. */
export function Loading({ what = t.loading }: { what?: string }) {
  return (
    <div class="state loading" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>{what}</p>
    </div>
  );
}

/** There is nothing, and that is no fault. */
export function Empty({
  title,
  hint,
  children,
}: {
  title?: string;
  hint?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="state empty">
      <svg class="state-mark" viewBox="0 0 40 40" aria-hidden="true">
        <path d="M6 24h8l2 4h8l2-4h8M6 24v8h28v-8L29 10H11Z" />
      </svg>
      <p class="state-title">{title ?? t.states.empty}</p>
      {hint && <p class="soft">{hint}</p>}
      {children}
    </div>
  );
}

/** Something did not come: why, and what to do about it. */
export function Failed({
  error,
  title,
  hint,
  onRetry,
  also,
}: {
  error?: ApiError | null;
  title?: string;
  hint?: string;
  onRetry?: () => void;
  also?: ComponentChildren;
}) {
  const isRefused = error?.status === 403;
  const words = hint ?? (error ? whyOf(error) : "");
  return (
    <div class="state failed" role="alert">
      <svg class="state-mark" viewBox="0 0 40 40" aria-hidden="true">
        <path d="M20 6 36 33H4ZM20 16v8M20 28v1" />
      </svg>
      <p class="state-title">{title ?? (isRefused ? t.states.refused : t.states.failed)}</p>
      {words && <p class="soft">{words}</p>}
      {error?.requestId && <p class="soft small">{t.states.request(error.requestId)}</p>}
      <p class="row">
        {isRefused ? (
          <button type="button" class="button" onClick={() => askForKey(null)}>
            {t.menu.otherKey}
          </button>
        ) : (
          onRetry && (
            <button type="button" class="button" onClick={onRetry}>
              {t.tryAgain}
            </button>
          )
        )}
        {also}
      </p>
    </div>
  );
}

/**
 * Draws an answer: that it loads, that it failed, and once it is there the answer, with its age where no newer one comes.
 * @example <Answered of={coverage}>{(data) => <CoverageTable rows={data.vehicles} />}</Answered>
 */
export function Answered<T>({
  of,
  isEmpty,
  empty,
  minHeightPx,
  children,
}: {
  of: Answer<T>;
  /** Whether there is nothing in it, to be drawn as `empty`. */
  isEmpty?: (data: T) => boolean;
  empty?: ComponentChildren;
  /** Kept free while it loads, so that what is below stays where it is. */
  minHeightPx?: number;
  children: (data: T) => ComponentChildren;
}) {
  const { data, error, isOld, isLoading, loadedAtMs, reload } = of;
  const style = minHeightPx === undefined ? {} : { minHeight: `${minHeightPx}px` };
  if (data === null) {
    return (
      <div class="answered" style={style}>
        {error ? <Failed error={error} onRetry={reload} /> : <Loading />}
      </div>
    );
  }
  // The question has changed, and the answer to the new one failed: the old one would be taken for it.
  if (isOld && error) {
    return (
      <div class="answered" style={style}>
        <Failed error={error} onRetry={reload} />
      </div>
    );
  }
  return (
    <div class={`answered${isOld ? " is-old" : ""}`} style={style} aria-busy={isLoading}>
      {error && (
        <p class="answered-note" role="status">
          {t.states.stale(timeInZone(loadedAtMs), age(loadedAtMs, now.value), reasonOf(error))}{" "}
          <button type="button" class="button plain" onClick={reload}>
            {t.tryAgain}
          </button>
        </p>
      )}
      {isEmpty?.(data) ? (empty ?? <Empty />) : children(data)}
    </div>
  );
}

/** A problem in one line: its title, and what the server says to do about it. */
export function whyOf(error: ApiError): string {
  if (error.status === 0) return `${capital(reasonOf(error))}.`;
  return [error.title, error.detail].filter(Boolean).join(": ");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
