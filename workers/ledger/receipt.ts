import receiptSql from "#sql/workers/ledger/receipt.sql";
import { OUTCOMES, type OutcomeLetter } from "../writer/item-outcomes.ts";
import type { AskPrivate } from "./books.ts";
import { type KeptPart, keptPartsOf } from "./kept-receipt.ts";

/** What became of an item. */
export interface ItemFate {
  /** Position in its message, from 0. */
  number: number;
  outcome: "written" | "duplicate" | "rejected" | "parked" | "dead";
  reason: string | null;
  detail: string | null;
}

/** What became of a message. */
export interface MessageFate {
  kind: string;
  account: string | null;
  part: number;
  parts: number;
  state: "delivered" | "parked" | "dead" | "pending";
  receivedAt: string | null;
  deliveredAt: string | null;
  deliveries: number;
  /** Empty for a pending one: what it holds is not known yet. */
  items: ItemFate[];
}

/** A row of receipt.sql. */
interface DeliveredPart {
  producer: string;
  sequence: number;
  kind: string;
  account: string | null;
  part: number;
  parts: number;
  receivedAt: string;
  deliveredAt: string;
  deliveries: number;
  outcomes: string;
  reasons: Record<string, string>;
  details: Record<string, string>;
}

/**
 * What became of each message of a poll run or a push.
 * @returns Also whether all objects were opened that may hold more of them.
 * @throws whatever R2 and `ask` throw.
 */
export async function fateOf(
  env: Env,
  ask: AskPrivate,
  receipt: string,
): Promise<{ messages: MessageFate[]; complete: boolean }> {
  // R2 first: what is written meanwhile is then found in the database.
  const { parts: kept, complete } = await keptPartsOf(env, receipt);
  const delivered = JSON.parse((await ask(receiptSql, [receipt])) ?? "[]") as DeliveredPart[];
  const seen = new Set(delivered.map(nameOf));
  const waiting = kept.filter((one) => {
    const isNew = !seen.has(nameOf(one));
    seen.add(nameOf(one));
    return isNew;
  });
  const known = [...delivered.map(deliveredFate), ...waiting.map(keptFate)];
  return { messages: [...known, ...pendingOf(known)].sort(inOrder), complete };
}

const nameOf = ({ producer, sequence }: { producer: string; sequence: number }) => `${producer} ${sequence}`;

function deliveredFate({ outcomes, reasons, details, ...message }: DeliveredPart): MessageFate {
  const { kind, account, part, parts, receivedAt, deliveredAt, deliveries } = message;
  const items = Array.from(outcomes, (letter, number): ItemFate => {
    const [reason, detail] = [reasons[number] ?? null, details[number] ?? null];
    return { number, outcome: OUTCOMES[letter as OutcomeLetter], reason, detail };
  });
  return { kind, account, part, parts, state: "delivered", receivedAt, deliveredAt, deliveries, items };
}

function keptFate({ state, kind, account, part, parts, receivedAt, items }: KeptPart): MessageFate {
  return {
    ...{ kind, account, part, parts, state, receivedAt, deliveredAt: null, deliveries: 0 },
    items: Array.from({ length: items }, (_, number) => {
      return { number, outcome: state, reason: null, detail: null };
    }),
  };
}

/** The parts that others say there are, and that are nowhere. A run asks several accounts, each in its own parts. */
function pendingOf(known: MessageFate[]): MessageFate[] {
  const wholes = Map.groupBy(known, ({ kind, account, parts }) => JSON.stringify([kind, account, parts]));
  return [...wholes.values()].flatMap((found) => {
    const [{ kind, account, parts } = { kind: "", account: null, parts: 0 }] = found;
    const seen = new Set(found.map(({ part }) => part));
    return Array.from({ length: parts }, (_, index) => index + 1)
      .filter((part) => !seen.has(part))
      .map((part) => ({
        ...{ kind, account, part, parts, state: "pending" as const },
        ...{ receivedAt: null, deliveredAt: null, deliveries: 0, items: [] },
      }));
  });
}

function inOrder(a: MessageFate, b: MessageFate): number {
  return a.kind.localeCompare(b.kind) || (a.account ?? "").localeCompare(b.account ?? "") || a.part - b.part;
}
