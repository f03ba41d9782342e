/** Why something in the archive was left out. */
export const SKIP_REASONS = [
  /** Its key is not one that the archive gives. */
  "foreign_key",
  /** No object of the archive is so large. */
  "too_large",
  /** It is not what the archive writes, or damaged. */
  "unreadable_object",
  "unreadable_message",
  "unknown_version",
  "unknown_kind",
  /** The message was not received in the hour whose folder it lies in. */
  "wrong_hour",
  /** The item of the message, which was too large for the queue, is gone. */
  "item_missing",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Something that was left out. */
export interface Skipped {
  key: string;
  reason: SkipReason;
  /** Messages of the object, or null for the whole of it. */
  messages: number | null;
}

/** An answer names so many; somebody has put a library under `raw/` when there are more. */
const MOST_NAMED = 100;

/** What a piece left out. */
export class SkippedList {
  readonly #entries = new Map<string, Skipped>();

  /** Adds an object, or one of its messages. */
  add(key: string, reason: SkipReason, what: "object" | "message"): void {
    const name = `${reason} ${key}`;
    const known = this.#entries.get(name);
    if (known === undefined) {
      if (this.#entries.size >= MOST_NAMED) return;
      this.#entries.set(name, { key, reason, messages: what === "object" ? null : 1 });
    } else if (known.messages !== null) known.messages += 1;
  }

  toList(): Skipped[] {
    return [...this.#entries.values()];
  }
}
