import { setImmediate as breathe } from "node:timers/promises";
import { settings } from "../../../shared/settings.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import { KINDS } from "../../simulator/push/kinds.ts";
import { makeFleet } from "../fleet.ts";
import type { Counted } from "./counted.ts";

const VEHICLES = 150;
const FROM_S = Date.UTC(2026, 9, 5) / 1_000;
const DAYS = 7;
const DAY_S = 86_400;

type Week = "itemsPerDay" | "singlesPerDay" | "movedHalfHoursPerDay";

/** What a simulated vehicle is pushed about a day, and in how many runs of the tracks it moved: the means of a week. */
export async function countWeek(): Promise<Pick<Counted, Week>> {
  const { fleet } = makeFleet(VEHICLES);
  let items = 0;
  let singles = 0;
  let moved = 0;
  for (const vehicle of fleet) {
    await breathe();
    if (vehicle.condition === "unactivated") continue;
    for (let day = 0; day < DAYS; day++) {
      const fromS = FROM_S + day * DAY_S;
      const runs = new Set<number>();
      for (const { name, messages, singly = false, onlyEnvelope } of KINDS) {
        for (const { item, arrivedS, bareWith } of messages(
          { vehicle, clockOffsetS: 0 },
          { fromS, toS: fromS + DAY_S },
        )) {
          items += 1;
          if (singly || onlyEnvelope === "E4" || bareWith !== undefined) singles += 1;
          if (name === "pushgps" && Number(item.gpsSpeed) > settings.movingAboveKmh) {
            runs.add(Math.floor(arrivedS / schedule.tracks.everyS));
          }
        }
      }
      moved += runs.size;
    }
  }
  const days = VEHICLES * DAYS;
  return {
    itemsPerDay: items / days,
    singlesPerDay: singles / days,
    movedHalfHoursPerDay: moved / days,
  };
}
