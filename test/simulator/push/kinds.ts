import { alarms } from "./kinds/alarms.ts";
import { cells } from "./kinds/cells.ts";
import { events } from "./kinds/events.ts";
import { gps } from "./kinds/gps.ts";
import { heartbeats } from "./kinds/heartbeats.ts";
import { media } from "./kinds/media.ts";
import { modules } from "./kinds/modules.ts";
import { faults, obd } from "./kinds/obd.ts";
import { platformAlarms, rawCommandAnswers } from "./kinds/open-api.ts";
import { oil, temperatures } from "./kinds/sensors.ts";
import { tags } from "./kinds/tags.ts";
import { commandAnswers, terminalInfo } from "./kinds/terminal.ts";
import { trips } from "./kinds/trips.ts";
import type { Kind } from "./message.ts";

/** Everything the vendor pushes. */
export const KINDS: readonly Kind[] = [
  events,
  heartbeats,
  gps,
  alarms,
  obd,
  faults,
  trips,
  oil,
  temperatures,
  cells,
  ...media,
  terminalInfo,
  commandAnswers,
  ...modules,
  tags,
  platformAlarms,
  rawCommandAnswers,
];
