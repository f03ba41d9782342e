import type { KeepReason } from "../../../workers/kept/keep.ts";

/** Why something of the archive was not written. */
export type LeftOutReason =
  /** No object of the archive is so large. */
  | "too_large"
  /** It is not what the archive writes, or damaged, or gone. */
  | "unreadable_object"
  /** This tree does not know the message: it is of a newer one, or no message. */
  | KeepReason
  /** The item of the message, which was too large for the queue, is gone. */
  | "item_missing"
  /** The database does not take it, although it takes others. */
  | "refused";

/** Something that was left out. */
export interface LeftOut {
  key: string;
  reason: LeftOutReason;
  /** Messages of the object; null for the whole of it. */
  messages: number | null;
}

/** Beyond that somebody has put a library under `raw/`; they are counted. */
const MOST_NAMED = 100;

/** What a replay left out. */
export class LeftOutList {
  readonly #entries = new Map<string, LeftOut>();
  /** Objects, and messages of others. */
  count = 0;

  add(key: string, reason: LeftOutReason, what: "object" | "message"): void {
    this.count += 1;
    const known = this.#entries.get(`${reason} ${key}`);
    if (known) {
      if (known.messages !== null) known.messages += 1;
    } else if (this.#entries.size < MOST_NAMED) {
      this.#entries.set(`${reason} ${key}`, { key, reason, messages: what === "object" ? null : 1 });
    }
  }

  toList(): LeftOut[] {
    return [...this.#entries.values()];
  }
}
