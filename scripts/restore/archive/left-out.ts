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
