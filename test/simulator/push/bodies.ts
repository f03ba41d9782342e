import { DRAW, hash32, randoms } from "../fleet/random.ts";
import { addressOf } from "./address.ts";
import { brokenItem } from "./broken.ts";
import type { Delivery } from "./deliver.ts";
import { wrap } from "./envelope.ts";
import type { Kind, Message } from "./message.ts";
import type { PushOptions } from "./options.ts";

/** Every so many bodies the items run backwards: order is not guaranteed (reference §3.1). */
const BACKWARDS_EVERY = 10;

/** One request to make, and what it says. */
export interface Body extends Delivery {
  kind: Kind;
  items: number;
  /** Those of the items that are of use. */
  messages: Message[];
  /** It is sent twice. */
  twice: boolean;
}

/** An item on the wire; broken ones say nothing. */
interface Wire {
  item: unknown;
  message?: Message;
}

/**
 * Packs the messages of a kind into bodies. The same messages, options and seed give the same bodies.
 *
 * @param messages in the order they arrived in
 */
export function bodiesOf(kind: Kind, messages: Message[], options: PushOptions, seed: number): Body[] {
  const envelope = kind.onlyEnvelope ?? options.envelope;
  const random = randoms(hash32(seed, DRAW.push, messages.length));
  const bodies: Body[] = [];
  const add = (wires: Wire[], inEnvelope: typeof envelope, beside?: Record<string, unknown>): void => {
    const number = bodies.length;
    const hasToken = inEnvelope !== "E1" && inEnvelope !== "E5";
    const { url, headers, bodyToken } = addressOf(options, kind, hasToken, number);
    const ordered = number % BACKWARDS_EVERY === BACKWARDS_EVERY - 1 ? wires.toReversed() : wires;
    const items = ordered.map(({ item }) => item);
    const { contentType, text } = wrap(inEnvelope, kind, items, bodyToken, number, beside);
    bodies.push({
      kind,
      url,
      headers: { ...headers, "content-type": contentType },
      body: text,
      items: wires.length,
      messages: wires.flatMap(({ message }) => message ?? []),
      twice: random() < options.duplicates,
    });
  };

  const perBody = envelope === "E4" || kind.singly ? 1 : options.itemsPerBody;
  let wires: Wire[] = [];
  const addWire = (wire: Wire): void => {
    wires.push(wire);
    if (wires.length < perBody) return;
    add(wires, envelope);
    wires = [];
  };
  let breakages = 0;
  for (const message of messages) {
    if (message.bareWith !== undefined) {
      add([{ item: message.item, message }], "E4", message.bareWith);
      continue;
    }
    addWire({ item: message.item, message });
    if (random() < options.broken) {
      addWire({ item: brokenItem(message.item, breakages++, envelope === "E4") });
    }
  }
  if (wires.length > 0) add(wires, envelope);
  return bodies;
}
