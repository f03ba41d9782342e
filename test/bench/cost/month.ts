import { schedule } from "../../../workers/polls/schedule.ts";
import type { BodySize, Counted, FleetSize } from "./counted.ts";
import { sum, type Usage } from "./usage.ts";

const DAYS = 30;
export const DAY_S = 86_400;
export const MONTH_S = DAYS * DAY_S;

/** Of the writes queue, in wrangler.toml: a test compares. */
export const BATCH = { messages: 50, timeoutS: 1 };

/** A month of the jobs at their cadences. */
export function polls(counted: Counted, vehicles: FleetSize): Usage {
  const crons = new Map<string, number>(Object.values(schedule).map(({ cron, everyS }) => [cron, everyS]));
  const parts: [Usage, number][] = [
    [counted.minute[vehicles], MONTH_S / schedule.live.everyS],
    [counted.detail, vehicles * DAYS],
  ];
  for (const [cron, { fixed, each }] of Object.entries(counted.ticks)) {
    const everyS = crons.get(cron);
    if (everyS === undefined)
      throw new Error(`No job runs at "${cron}" any more: npm run bench -- cost --keep`);
    const runs = MONTH_S / everyS;
    const asked =
      cron === schedule.tracks.cron ? counted.movedHalfHoursPerDay * vehicles * DAYS : vehicles * runs;
    parts.push([fixed, runs], [each, asked]);
  }
  return sum(...parts);
}

/** A month of the canary device. */
export const canary = (counted: Counted): Usage => sum([counted.canary, MONTH_S / schedule.canary.everyS]);

/** A month of a live map that is watched so many hours a day. */
export const watched = (counted: Counted, vehicles: FleetSize, hoursPerDay: number): Usage =>
  sum([counted.watched[vehicles], DAYS * hoursPerDay * 60]);

/** A month of a geocoder that never rests. */
export const geocoder = (counted: Counted): Usage => sum([counted.address, MONTH_S]);

/** Bodies a vehicle and day: some items always come alone. */
export const bodiesPerDay = ({ itemsPerDay, singlesPerDay }: Counted, size: BodySize): number =>
  singlesPerDay + (itemsPerDay - singlesPerDay) / size;

/** A month of the fleet's pushes, in bodies of a size. */
export function pushes(counted: Counted, vehicles: number, size: BodySize): Usage {
  const { push, itemsPerDay, notesPerS, alarmsPerS } = counted;
  const { body, batch, note, alarm, item } = push[size];
  const bodiesPerS = (bodiesPerDay(counted, size) * vehicles) / DAY_S;
  const batchesPerS = batches(bodiesPerS);
  return sum(
    [body, bodiesPerS * MONTH_S],
    [batch, batchesPerS * MONTH_S],
    [note, atMost(bodiesPerS, notesPerS) * MONTH_S],
    [alarm, atMost(batchesPerS, alarmsPerS) * MONTH_S],
    [item, itemsPerDay * vehicles * DAYS],
  );
}

/** Batches a second: one begins with a message and ends when it is full or its time is over. */
export const batches = (messagesPerS: number): number =>
  Math.max(atMost(messagesPerS, 1 / BATCH.timeoutS), messagesPerS / BATCH.messages);

/** How often something happens that something else sets off, and not again until it has taken its time. */
const atMost = (perS: number, most: number): number => (perS * most) / (perS + most);
