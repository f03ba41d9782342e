import { v7 } from "uuid";
import { nowMs } from "./time.ts";

/** A UUIDv7: sorts by the time it was made. For receipts, runs, requests and keys. */
export function newId(): string {
  return v7({ msecs: nowMs() });
}

/** Name of a queue message: who sent it and which of that sender's messages it is. */
export interface MessageId {
  /** The isolate. */
  producer: string;
  /** Counts from 1 within the isolate, so that a gap shows a lost message. */
  sequence: number;
  /** Items in all earlier messages of the isolate, so that a gap shows how many items were lost. */
  itemsBefore: number;
}

let producer: string | undefined;
let sequence = 0;
let itemsSoFar = 0;

/** The next message id of this isolate, for a message that holds so many items. */
export function nextMessageId(items: number): MessageId {
  // Made at first use: Workers allow no randomness while a module loads.
  producer ??= newId();
  sequence += 1;
  const itemsBefore = itemsSoFar;
  itemsSoFar += items;
  return { producer, sequence, itemsBefore };
}
