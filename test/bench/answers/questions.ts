import { PERIOD, TRACK } from "./facts.ts";

/** A question to the API. */
export interface Question {
  what: string;
  path: string;
  /** The same at the stand-in of the earlier system. */
  earlier: string;
}

const period = `from=${PERIOD.from}&to=${PERIOD.to}`;
const month = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&limit=1000";
const track = (to: string) => `from=${TRACK.from}&to=${to}`;

const figures = (name: string): Question => ({
  what: `analytics/${name}, 90 days beside 90`,
  path: `/v1/analytics/${name}?${period}`,
  earlier: `/analytics/${name}?${period}`,
});

/** Streamed page by page. */
export const TRACKS = {
  day: {
    what: "track of a day, a fix every 10 s",
    path: `/v1/vehicles/${TRACK.imei}/track?${track(TRACK.dayTo)}`,
    earlier: `/tracks/${TRACK.imei}?${track(TRACK.dayTo)}`,
  },
  month: {
    what: "track of 31 days, a fix every 10 s",
    path: `/v1/vehicles/${TRACK.imei}/track?${track(TRACK.to)}`,
    earlier: `/tracks/${TRACK.imei}?${track(TRACK.to)}`,
  },
} satisfies Record<string, Question>;

export const QUESTIONS: Question[] = [
  ...Object.values(TRACKS),
  {
    what: "trips of a month, the newest 1,000, list",
    path: `/v1/trips?${month}`,
    earlier: `/trips?${month}`,
  },
  {
    what: "trips of a month, the newest 1,000, map",
    path: `/v1/trips?${month}&format=geojson`,
    earlier: `/trips/map?${month}`,
  },
  ...[
    "fleet-summary",
    "utilisation",
    "driver-behaviour",
    "driver-clock",
    "distance-daily",
    "alarms",
    "fuel",
    "filters",
  ].map(figures),
];
