// What is asked of the API for a day: of each vehicle its way and what it did, of all of them trips, alarms and distances.

import { labelOf } from "../../parts/vehicle-names.ts";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { useFleet } from "../../shell/fleet.ts";
import { type Day, MOST_VEHICLES } from "./view.ts";
import { EMPTY_WAY, type Way, wayOf } from "./way.ts";

/** A day that goes on is asked again: fixes come in windows of minutes. */
const AGAIN_MS = 120_000;
/** More in a day of five vehicles is no list any more; how many are left out is said. */
const MOST_ROWS = 1000;

export type Trip = Answers["Trip"];
export type Alarm = Answers["Alarm"];
type DistanceDay = Answers["DistanceDaily"]["days"][number];

/** A chosen vehicle, and what is known of its day. Every name is untrusted. */
export interface VehicleDay {
  imei: string;
  label: string;
  /** Its place among the chosen: colour and pattern follow it. */
  slot: number;
  way: Answer<Way>;
  activity: Answer<Answers["Activity"]>;
}

export interface Lists {
  trips: Answer<{ rows: Trip[]; isCut: boolean }>;
  alarms: Answer<{ rows: Alarm[]; isCut: boolean }>;
  distances: Answer<DistanceDay[]>;
}

/** A way of the question before would be taken for this vehicle's, or this day's. */
export const wayIn = ({ way }: VehicleDay): Way => (way.isOld ? null : way.data) ?? EMPTY_WAY;

export function useDay(imeis: readonly string[], day: Day): { vehicles: VehicleDay[] } & Lists {
  const slots = [
    useVehicle(imeis[0], 0, day),
    useVehicle(imeis[1], 1, day),
    useVehicle(imeis[2], 2, day),
    useVehicle(imeis[3], 3, day),
    useVehicle(imeis[4], 4, day),
  ].slice(0, MOST_VEHICLES);
  const vehicles = slots.filter((one) => one !== null);
  return { vehicles, ...useLists(imeis, day) };
}

function useVehicle(imei: string | undefined, slot: number, { from, to, isToday }: Day): VehicleDay | null {
  const everyMs = isToday ? { everyMs: AGAIN_MS } : {};
  const key = imei === undefined ? null : `${imei} ${from}`;
  const way = useAnswer(
    key && `way ${key}`,
    async (signal) => {
      const track = await ask("Track", `/v1/vehicles/${imei}/track`, { from, to }, { signal });
      // A day of a fix a second: between reading the text, its numbers and drawing it, fingers are heard.
      await aMoment();
      const way = wayOf(track);
      await aMoment();
      return way;
    },
    everyMs,
  );
  const activity = useAnswer(
    key && `activity ${key}`,
    (signal) => ask("Activity", `/v1/vehicles/${imei}/activity`, { from, to }, { signal }),
    everyMs,
  );
  const live = useFleet().value.get(imei ?? "");
  const named = useAnswer(imei === undefined || live ? null : `name ${imei}`, (signal) =>
    ask("Vehicle", `/v1/vehicles/${imei}`, {}, { signal }),
  );
  if (imei === undefined) return null;
  const known = live ?? (named.isOld ? null : named.data);
  return { imei, label: labelOf(known ?? { imei, plate: null, name: null }), slot, way, activity };
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve));

function useLists(imeis: readonly string[], { day, from, to, isToday }: Day): Lists {
  const everyMs = isToday ? { everyMs: AGAIN_MS } : {};
  const imei = imeis.length === 0 ? null : imeis.join(",");
  const asked = { imei: imei ?? "", from, to, limit: MOST_ROWS };
  const trips = useAnswer(
    imei && `trips ${imei} ${from}`,
    async (signal) => {
      const answer = await ask("TripList", "/v1/trips", asked, { signal });
      return { rows: answer.trips, isCut: answer.next !== null };
    },
    everyMs,
  );
  const alarms = useAnswer(
    imei && `alarms ${imei} ${from}`,
    async (signal) => {
      const answer = await ask("AlarmList", "/v1/alarms", asked, { signal });
      return { rows: answer.alarms, isCut: answer.next !== null };
    },
    everyMs,
  );
  const distances = useAnswer(
    imei && `distances ${imei} ${day}`,
    async (signal) => {
      const query = { imei: imei ?? "", from: day, to: day, vehicles: "true", limit: MOST_ROWS };
      return (await ask("DistanceDaily", "/v1/analytics/distance-daily", query, { signal })).days;
    },
    everyMs,
  );
  return { trips, alarms, distances };
}
