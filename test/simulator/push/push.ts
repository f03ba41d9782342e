import { setImmediate as breathe } from "node:timers/promises";
import type { Span } from "../fleet/arrivals.ts";
import type { World } from "../world/world.ts";
import { type Body, bodiesOf } from "./bodies.ts";
import { deliver, turns } from "./deliver.ts";
import { KINDS } from "./kinds.ts";
import type { Message } from "./message.ts";
import type { PushOptions } from "./options.ts";
import { noTotals, type Tally, type Totals } from "./record.ts";

/** Vehicles told about before other requests get their turn. */
const VEHICLES_AT_A_TIME = 20;

/** What became of the pushes of a span. */
export interface PushReport extends Span {
  total: Totals;
  /** By the name of the kind. */
  paths: Tally;
}

/** Pushes what arrives at the platform within a span, and answers when everything was accepted or given up. */
export async function pushSpan(world: World, span: Span, options: PushOptions): Promise<PushReport> {
  const { record, signal } = world.pushes;
  const inTurn = turns(options.concurrency);
  const paths: Tally = {};
  const send = async (body: Body): Promise<void> => {
    const policy = {
      tries: body.kind.once ? 1 : options.tries,
      spacingMs: options.retrySpacingMs,
      successCode: body.kind.successCode,
      signal,
      inTurn,
    };
    const copies = body.twice ? [body, body] : [body];
    record.add(body, await Promise.all(copies.map((copy) => deliver(copy, policy))), paths);
  };
  await Promise.all((await bodiesWithin(world, span, options)).map(send));
  return { ...span, total: sum(Object.values(paths)), paths };
}

async function bodiesWithin(world: World, span: Span, options: PushOptions): Promise<Body[]> {
  const kinds = KINDS.filter(({ name }) => options.kinds?.includes(name) ?? true);
  const messages = new Map<string, Message[]>(kinds.map(({ name }) => [name, []]));
  for (const [i, vehicle] of world.fleet.entries()) {
    if (i % VEHICLES_AT_A_TIME === 0) await breathe();
    const override = world.overrides.get(vehicle.imei);
    if (vehicle.condition === "unactivated" || override?.removed) continue;
    const device = { vehicle, clockOffsetS: override?.clockOffsetS ?? 0 };
    for (const { name, messages: about } of kinds) {
      for (const message of about(device, span)) messages.get(name)?.push(message);
    }
  }
  return kinds.flatMap((kind) =>
    bodiesOf(
      kind,
      (messages.get(kind.name) ?? []).sort((a, b) => a.arrivedS - b.arrivedS),
      options,
      span.fromS,
    ),
  );
}

function sum(parts: Totals[]): Totals {
  const total = noTotals();
  for (const part of parts) {
    for (const name of Object.keys(total) as (keyof Totals)[]) total[name] += part[name];
  }
  return total;
}
