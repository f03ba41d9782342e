import type { Contact } from "../../records.ts";
import { toIso } from "../../time.ts";
import type { PushItem } from "./item.ts";

const nothingSaid: Omit<Contact, "imei" | "contactAt" | "receivedAt"> = {
  online: null,
  ignition: null,
  gsmLevel: null,
  batteryPercent: null,
  batteryVoltageV: null,
  externalVoltageV: null,
  temperatureC: null,
  fuelSensor: null,
};

/** That the gateway heard of a device at `ms`. A time ahead of ours is its clock, and must not outlive the next. */
export function contactOf({ imei, arrival }: PushItem, ms: number, said: Partial<Contact>): Contact {
  return {
    ...nothingSaid,
    ...said,
    imei,
    contactAt: toIso(Math.min(ms, arrival.receivedMs)),
    receivedAt: toIso(arrival.receivedMs),
  };
}
