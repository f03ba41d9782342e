import { INSIGHT_KINDS } from "../../../workers/insights/kinds.ts";
import { rulesAt, tellQuery } from "../../../workers/insights/tell.ts";
import { database } from "../writer/deliver.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A day of the fleet's zone, Nairobi, a Monday. */
export interface Monday {
  /** YYYY-MM-DD. */
  day: string;
  /** Its midnight, ms. */
  startMs: number;
}

/** Mondays, each so far from the others that no rule looks from one to another. */
export function mondaysFrom(first: string): () => Monday {
  let startMs = Date.parse(first) - 3 * HOUR_MS;
  return () => {
    startMs += 16 * 7 * DAY_MS;
    return { day: dayAt(startMs, 0), startMs };
  };
}

/** The day so many days after a day that begins then. */
export const dayAt = (startMs: number, days: number) =>
  new Date(startMs + 3 * HOUR_MS + days * DAY_MS).toISOString().slice(0, 10);

/** So many hours after midnight, as ISO text. */
export const at = ({ startMs }: Monday, hours: number) => new Date(startMs + hours * HOUR_MS).toISOString();

export interface Told {
  id: string;
  kind: string;
  subject: string;
  imei: string | null;
  driver: string | null;
  severity: string;
  title: string;
  why: string;
  evidence: Record<string, unknown>;
  links: string[];
}

/** What the rules tell of a day about a subject or vehicle, half an hour after its end unless said otherwise. */
export async function tell({ day, startMs }: Monday, about: string, hours = 24.5): Promise<Told[]> {
  const rows = await database().unsafe<(Told & Record<string, unknown>)[]>(tellQuery(INSIGHT_KINDS), [
    day,
    rulesAt(startMs + hours * HOUR_MS),
  ]);
  return rows.filter(({ subject, imei }) => subject === about || imei === about);
}

/** A day of a vehicle, all of it known. */
export const addDay = (
  imei: string,
  day: string,
  row: { moving_s?: number; idling_s?: number; unknown_s?: number },
) => {
  const sql = database();
  const { moving_s = 3_600, idling_s = 0, unknown_s = 0 } = row;
  const parked_s = 86_400 - moving_s - idling_s - unknown_s;
  const none = { odometer_breaks: 0, trips: 0, fixes: 0, alarms: 0, speeding_events: 0, harsh_events: 0 };
  return sql`insert into reporting.vehicle_day ${sql({ imei, day, moving_s, idling_s, unknown_s, parked_s, ...none })}`;
};

/** So many days of a vehicle before a day, each with the same idling. */
export async function addUsual(
  imei: string,
  { startMs }: Monday,
  days: number,
  idlingS: number,
): Promise<void> {
  for (let ago = 1; ago <= days; ago += 1) await addDay(imei, dayAt(startMs, -ago), { idling_s: idlingS });
}

/** Moves within an hour: seconds of them, and between which minutes of it. */
export const addHour = (
  imei: string,
  monday: Monday,
  hour: number,
  movingS: number,
  from: number,
  to: number,
) => {
  const sql = database();
  const row = {
    ...{
      imei,
      hour: at(monday, hour),
      moving_s: movingS,
      idling_s: 0,
      parked_s: 0,
      gps_km: 1,
      odometer_breaks: 0,
      fixes: 9,
    },
    ...{ first_moving_at: at(monday, hour + from / 60), last_moving_at: at(monday, hour + to / 60) },
  };
  return sql`insert into reporting.vehicle_hour ${sql(row)}`;
};
