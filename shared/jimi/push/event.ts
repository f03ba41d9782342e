import { toIso } from "../../time.ts";
import { readEventTime } from "../event-time.ts";
import { readText } from "../values.ts";
import { contactOf } from "./contact.ts";
import { deviceEvent } from "./device-event.ts";
import { parserOf } from "./item.ts";

/** `/pushevent` (reference §3.4): log-in and log-out. The contact's clock keeps a late log-out from counting. */
export const parsePushEvent = parserOf("pushevent", (item) => {
  const { fields, arrival } = item;
  const time = readEventTime("gateTime", fields.gateTime, arrival);
  if ("reason" in time) return { rejection: time };
  // Some firmware sends no type but a msgId: the device was heard of, and nothing says that it came or went.
  const eventType = readText(fields.type)?.toUpperCase() ?? readText(fields.msgId);
  const online = eventType === "LOGIN" ? true : eventType === "LOGOUT" ? false : null;
  return {
    contact: contactOf(item, time.ms, { online }),
    facts: {
      deviceEvents: [deviceEvent(item, { at: toIso(time.ms), undated: false }, { eventType })],
    },
  };
});
