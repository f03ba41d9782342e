import { database } from "../../writer/deliver.ts";

export const START_MS = Date.UTC(2026, 7, 3, 6);
export const at = (seconds: number) => new Date(START_MS + seconds * 1_000).toISOString();
/** As answers tell it. */
export const told = (seconds: number) => at(seconds).replace(".000", "");

/** A fix so many seconds after the start, so many metres north of the first. */
export interface Step {
  s: number;
  m: number;
  kmh: number | null;
}

/** Where no other test stores anything: places get an address once, for all. */
export const LNG = 31.7;

export const latOf = (m: number) => Number((-1.3 + m / 111_320).toFixed(7));

/** Stores fixes as the writer would. */
export async function storeFixes(imei: string, steps: Step[], change: object = {}): Promise<void> {
  const rows = steps.map(({ s, m, kmh }) => ({
    ...{ imei, gps_time: at(s), lat: latOf(m), lng: LNG, speed_kmh: kmh, pos_type: "GPS", ...change },
    ...{ source: "track_list", sources: 4, received_at: at(s) },
  }));
  await database()`
    insert into tracksolid.position_history
    select * from json_populate_recordset(null::tracksolid.position_history, ${JSON.stringify(
      rows.map((row) => ({ clock_ahead: false, ...row })),
    )}::text::json)`;
}

/** Under way at 36 km/h from a place, a fix every 10 s. */
export const drive = (fromS: number, fromM: number, steps: number): Step[] =>
  Array.from({ length: steps }, (_, n) => ({ s: fromS + n * 10, m: fromM + n * 100, kmh: 36 }));

/** Standing at a place, a fix every 10 s. */
export const stand = (fromS: number, m: number, steps: number): Step[] =>
  Array.from({ length: steps }, (_, n) => ({ s: fromS + n * 10, m: m + (n % 3), kmh: n % 2 }));

/** A stop: first and last second, and where it began. */
type Stop = [fromS: number, toS: number, m: number];

/** What a way is, told once more in the plainest words: segments and stops as seconds after the start. */
export function tell(steps: Step[]): { segments: number[][]; stops: Stop[] } {
  const segments: number[][] = [];
  const stops: Stop[] = [];
  let stood: Step[] = [];
  const end = () => {
    const [first, last] = [stood[0], stood.at(-1)];
    if (first && last && last.s - first.s >= 300) stops.push([first.s, last.s, first.m]);
  };
  for (const [n, step] of steps.entries()) {
    const before = steps[n - 1];
    const apart = before ? Math.abs(step.m - before.m) : 0;
    const isLong = before !== undefined && step.s - before.s > 600;
    if (before === undefined || (isLong && apart > 200)) segments.push([]);
    segments.at(-1)?.push(step.s);
    const slow = (step.kmh ?? 0) <= 3 && (before?.kmh ?? 0) <= 3;
    if (before && (isLong ? apart <= 200 : slow && apart <= 100)) stood.push(step);
    else {
      end();
      stood = [step];
    }
  }
  end();
  return { segments, stops };
}
