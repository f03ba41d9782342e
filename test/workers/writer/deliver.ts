import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Message, MessageKind } from "../../../shared/message.ts";
import worker from "../../../workers/index.ts";

export { database } from "../../setup/worker-database.ts";

let sequence = 0;
let itemsBefore = 0;
const producer = crypto.randomUUID();

/** A message as a poll sends it. */
export function messageOf(kind: MessageKind, items: unknown[], rest: Partial<Message> = {}): Message {
  sequence += 1;
  const id = { producer, sequence, itemsBefore };
  itemsBefore += items.length;
  return {
    v: 1,
    id,
    receipt: crypto.randomUUID(),
    part: { number: 1, of: 1 },
    source: "poll",
    kind,
    account: "test",
    imei: null,
    receivedAt: new Date().toISOString(),
    via: null,
    items,
    stored: null,
    ...rest,
  };
}

/** What the queue was told about a batch. */
export interface Delivered {
  acked: number;
  retried: number;
}

/** Hands bodies to the Worker's queue handler as one batch. */
export async function deliver(bodies: unknown[], environment: Env = env, attempts = 1): Promise<Delivered> {
  const batch = createMessageBatch(
    "tracksolid-writes-dev",
    bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: new Date(), attempts, body: textOf(body) })),
  );
  const context = createExecutionContext();
  await worker.queue(batch, environment);
  const result = await getQueueResult(batch, context);
  return { acked: result.explicitAcks.length, retried: result.retryMessages.length };
}

/** As it travels: JSON text. */
const textOf = (body: unknown) => (typeof body === "string" ? body : JSON.stringify(body));

let nextImei = 0;
const imeiBase = 860_000_000_000_000 + Math.floor(Math.random() * 1_000_000) * 1_000;

/** An IMEI no other test uses. */
export function newImei(): string {
  nextImei += 1;
  return String(imeiBase + nextImei);
}

/** An item of the location methods; times are seconds before now. */
export function locationItem(imei: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    imei,
    deviceName: "KDA 001A VAN",
    mcType: "GT06N",
    status: "1",
    lat: -1.286389,
    lng: 36.817223,
    posType: "GPS",
    gpsTime: vendorTime(60),
    hbTime: vendorTime(30),
    speed: "42",
    accStatus: "1",
    direction: "187",
    gpsNum: "11",
    gpsSignal: "4",
    currentMileage: "15234.7",
    electQuantity: "100",
    batteryPowerVal: "4.14",
    powerValue: "12.6",
    ...change,
  };
}

/** One moment, so that equal ages are equal times. */
const startMs = Math.floor(Date.now() / 1000) * 1000;

/** The vendor's time text so many seconds before the first file of this isolate began; negative is ahead. */
export function vendorTime(agoS: number): string {
  return new Date(startMs - agoS * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** The same instant as ISO text. */
export const isoOf = (vendor: unknown) => `${String(vendor).replace(" ", "T")}.000Z`;
