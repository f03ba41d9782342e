import type { DeviceEventRow } from "../../records.ts";
import { type Moment, type PushItem, rowOf } from "./item.ts";

/** What a device event can tell; its type is the kind of the push where the item has none. */
export type EventDetails = Partial<
  Pick<
    DeviceEventRow,
    "channel" | "fileNames" | "instructionId" | "outcome" | "card" | "mac" | "content" | "lat" | "lng"
  >
> & { eventType?: string | null };

const noDetails = {
  channel: null,
  fileNames: null,
  instructionId: null,
  outcome: null,
  card: null,
  mac: null,
  content: null,
  lat: null,
  lng: null,
};

/** A row of `device_events`; `more` tells it from what looks the same. */
export function deviceEvent(
  item: PushItem,
  moment: Moment,
  details: EventDetails,
  ...more: string[]
): DeviceEventRow {
  const { kind, arrival } = item;
  return {
    ...rowOf(item, moment, ...more),
    kind,
    path: arrival.path,
    ...noDetails,
    ...details,
    eventType: details.eventType ?? kind,
  };
}
