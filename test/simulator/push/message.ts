import { vendorTime } from "../clock.ts";
import type { Span } from "../fleet/arrivals.ts";
import type { Vehicle } from "../fleet/vehicle.ts";

/** The five shapes a push comes in (reference §3.1). */
export const ENVELOPES = ["E1", "E2", "E3", "E4", "E5"] as const;
export type Envelope = (typeof ENVELOPES)[number];

/** What a receiver can be asked for afterwards. `others`: what has no meaning of its own, as it was sent. */
export const FACT_LISTS = [
  "gps",
  "tags",
  "heartbeats",
  "events",
  "alarms",
  "identities",
  "trips",
  "obd",
  "faults",
  "oil",
  "temperatures",
  "others",
] as const;
export type FactList = (typeof FACT_LISTS)[number];

/** One item of a push, and what is true because of it. */
export interface Message {
  item: Record<string, unknown>;
  list: FactList;
  /** With instants in ISO 8601 and units in the names, unlike the item. */
  fact: Record<string, unknown>;
  /** When the platform has it to send, Unix seconds. */
  arrivedS: number;
  /** Always sent as a bare object of its own (E4), with these fields beside it. */
  bareWith?: Record<string, unknown>;
}

/** A device as it is pushed about. */
export interface Device {
  vehicle: Vehicle;
  /** How far its own clock is off. */
  clockOffsetS: number;
}

/** One kind of push: where it goes and what of a device's doings it tells. */
export interface Kind {
  /** The path without its slash; for the Open API, which has no paths, the message type. */
  name: string;
  /** Below the base URL; "" is the base itself. */
  path: string;
  /** The only envelope it ever comes in. */
  onlyEnvelope?: Envelope;
  /** Fields beside the list of items. */
  beside?: Record<string, string>;
  /** One item to a body, whatever is asked for. */
  singly?: true;
  /** Sent once, however it is answered (§3.1). */
  once?: true;
  /** The `code` that means success. */
  successCode: 0 | 200;
  /** What the platform has to push about a device within a span of arrival times. */
  messages(device: Device, span: Span): Message[];
}

/** A kind of the IoT Hub, which has a path of its own. */
export function hubKind(name: string, messages: Kind["messages"]): Kind {
  return { name, path: `/${name}`, successCode: 0, messages };
}

/** The vendor's text of an instant by the platform's clock. */
export const gateTime = (atS: number): string => vendorTime(atS * 1000);

/** The vendor's text of an instant by the device's own clock. */
export const ownTime = ({ clockOffsetS }: Device, atS: number): string => gateTime(atS + clockOffsetS);

/** ISO 8601 of an instant by the platform's clock. */
export const isoTime = (atS: number): string => new Date(atS * 1000).toISOString();

/** What every fact of a device says: whose it is, and whether its instants are by a wrong clock. */
export const factOf = ({ vehicle, clockOffsetS }: Device): Record<string, unknown> => ({
  imei: vehicle.imei,
  ...(clockOffsetS === 0 ? {} : { clockOffsetS }),
});

/** A message whose item has no meaning beyond what it says. */
export const otherMessage = (name: string, arrivedS: number, item: Message["item"]): Message => ({
  arrivedS,
  item,
  list: "others",
  fact: { kind: name, item },
});
