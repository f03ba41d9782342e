import type { Arrival } from "../../shared/jimi/event-time.ts";
import { POLL_PARSERS } from "../../shared/jimi/poll/parsers.ts";
import { PUSH_PARSERS } from "../../shared/jimi/push/parsers.ts";
import { messageOf } from "../../shared/log.ts";
import {
  type AddressRecord,
  type AuditRecord,
  addressRecord,
  auditRecord,
  type Message,
  type MessageKind,
  type RunRecord,
  runRecord,
  type SweepRecord,
  sweepRecord,
} from "../../shared/message.ts";
import type { ParsedItem, Rejection } from "../../shared/records.ts";
import { excerpt, plain } from "../../shared/text.ts";
import { auditRow } from "./audit-row.ts";

/** An item with what it became. */
export interface ReadItem extends ParsedItem {
  /** Position in its message, from 0. */
  itemNumber: number;
  /** As sent, for the day it is rejected. */
  item: unknown;
  run?: RunRecord;
  sweep?: SweepRecord;
  address?: AddressRecord;
  audit?: AuditRecord;
}

/** A message with its items read. */
export interface ReadMessage {
  message: Message;
  items: ReadItem[];
}

type ItemParser = (item: Record<string, unknown>, arrival: Arrival) => Omit<ReadItem, "itemNumber" | "item">;

/** One parser per kind. A kind without one cannot be added: the record is total. */
const PARSERS: Record<MessageKind, ItemParser> = {
  ...POLL_PARSERS,
  ...PUSH_PARSERS,
  run: (item) => ownFact(runRecord.safeParse(item), (run) => ({ run })),
  sweep: (item) => ownFact(sweepRecord.safeParse(item), (sweep) => ({ sweep })),
  address: (item) => ownFact(addressRecord.safeParse(item), (address) => ({ address })),
  audit: (item) => ownFact(auditRecord.safeParse(item), (audit) => ({ audit: auditRow(audit) })),
};

/** Turns the items of a message into records. Pure: redrive and replay are this function called again. */
export function readMessage(message: Message): ReadMessage {
  const arrival: Arrival = {
    account: message.account,
    receivedMs: Date.parse(message.receivedAt),
    path: message.via?.path ?? null,
    msgType: message.via?.msgType ?? null,
    imei: message.imei,
  };
  const items = message.items.map((item, itemNumber): ReadItem => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      const rejection: Rejection = {
        reason: "not_an_object",
        detail: `The item is ${excerpt(item)}`,
      };
      return { itemNumber, item, imei: null, rejection };
    }
    return { itemNumber, item, ...parse(message.kind, item as Record<string, unknown>, arrival) };
  });
  return { message, items };
}

/** A parser that stumbles over an item is a fault of ours; it must not stop the items beside it. */
function parse(kind: MessageKind, item: Record<string, unknown>, arrival: Arrival): ReturnType<ItemParser> {
  try {
    return PARSERS[kind](item, arrival);
  } catch (error) {
    return { imei: null, rejection: { reason: "parser_failed", detail: plain(messageOf(error), 300) } };
  }
}

function ownFact<Fact>(
  parsed: { success: true; data: Fact } | { success: false; error: { message: string } },
  place: (fact: Fact) => Pick<ReadItem, "run" | "sweep" | "address" | "audit">,
): Omit<ReadItem, "itemNumber" | "item"> {
  if (parsed.success) return { imei: null, ...place(parsed.data) };
  return {
    imei: null,
    rejection: { reason: "record_malformed", detail: plain(parsed.error.message, 300) },
  };
}
