import type { ComponentChildren } from "preact";
import { t } from "../texts/en.ts";

/** From what needs the eye to what does not; lists and counts follow it. */
export const STATUS_ORDER = ["moving", "idling", "parked", "silent", "unknown"] as const;

export type Status = (typeof STATUS_ORDER)[number];

/** A status that this page does not know is shown as unknown. */
export const knownStatus = (status: string): Status =>
  STATUS_ORDER.find((known) => known === status) ?? "unknown";

/** Each status has a shape of its own, on 16 × 16: nobody has to tell colours apart. */
const SHAPES: Record<Status, string> = {
  moving: "M8 1.5 13.5 14 8 11.2 2.5 14z",
  idling: "M8 1.5 14.5 8 8 14.5 1.5 8z",
  parked: "M3 3h10v10H3z",
  silent: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
  unknown: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM5 11l6-6",
};

/** The shape of a status in its colour. Its word stands beside it, or with `label` is read out. */
export function StatusMark({ of, label }: { of: string; label?: boolean }) {
  const status = knownStatus(of);
  return (
    <>
      <svg class="status-mark" data-status={status} viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[status]} />
      </svg>
      {label && <span class="unseen">{t.status[status]}</span>}
    </>
  );
}

/** A status with its word. */
export function StatusBadge({ of }: { of: string }) {
  return (
    <span class="status-badge" data-status={knownStatus(of)}>
      <StatusMark of={of} />
      {t.status[knownStatus(of)]}
    </span>
  );
}

export type Tone = "ok" | "warn" | "bad" | "info" | "muted";

const MARKS: Record<Tone, string> = {
  ok: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2 14.5 13.5H1.5ZM8 6.5v3M8 11.3v.7",
  bad: "M4 4l8 8M12 4l-8 8",
  info: "M8 7v5M8 4v.8",
  muted: "M4 8h8",
};

/** A word with a tone, which also has a mark of its own. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class="badge" data-tone={tone}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={MARKS[tone]} />
      </svg>
      {children}
    </span>
  );
}
