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
export interface Skipped<Reason = SkipReason> {
  key: string;
  reason: Reason;
  /** Messages of the object, or null for the whole of it. */
  messages: number | null;
}

/** An answer names so many; somebody has put a library under `raw/` when there are more. */
const MOST_NAMED = 100;

/** What was left out of what is played. */
export class SkippedList<Reason extends string = SkipReason> {
  readonly #entries = new Map<string, Skipped<Reason>>();
  /** Objects, and messages of others, named or not. */
  count = 0;

  /** Adds an object, or one of its messages. */
  add(key: string, reason: Reason, what: "object" | "message"): void {
    this.count += 1;
    const name = `${reason} ${key}`;
    const known = this.#entries.get(name);
    if (known === undefined) {
      if (this.#entries.size >= MOST_NAMED) return;
      this.#entries.set(name, { key, reason, messages: what === "object" ? null : 1 });
    } else if (known.messages !== null) known.messages += 1;
  }

  toList(): Skipped<Reason>[] {
    return [...this.#entries.values()];
  }
}
