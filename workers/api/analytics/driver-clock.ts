import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectDriverClock from "#sql/workers/api/analytics/driver-clock.sql";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { imeiText, pageLimit, plainText } from "../filters.ts";
import { CSV_HINT } from "../lists.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { exampleVehicle, nextPage } from "../schemas.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import { answerPages, exampleFile, type FigureFile, type Line } from "./figure-pages.ts";
import {
  daysAsked,
  examplePeriod,
  figuresQuery,
  MOST_AFTER_CHARACTERS,
  type Place,
  periodFields,
  unchangedAnswer,
} from "./period.ts";

const place = z.tuple([z.iso.date(), plainText, imeiText]);

const text = z.string().nullable();
const instant = z.iso.datetime().nullable();

const clockDay = z.object({
  day: z.iso.date(),
  driver: z.string(),
  imei: z.string(),
  name: text,
  plate: text,
  account: text,
  city: text,
  status: z.enum(["on_time", "late", "missing", "unknown", "awaited", "free"]).openapi({
    description:
      "on_time, late: by the grace of the shift. missing: did not move, though the vehicle was heard of. unknown: nothing was heard of it. awaited: of today, the shift or its grace goes on. free: no shift",
    "x-extensible-enum": true,
  }),
  shift: text.openapi({ description: "As it is now" }),
  shiftFrom: instant,
  shiftTo: instant,
  firstIgnitionAt: instant,
  firstMovingAt: instant,
  beganAt: instant.openapi({ description: "First move of the shift, from two hours before it on" }),
  endedAt: instant.openapi({ description: "Last instant under way" }),
  lastIgnitionAt: instant,
  lateS: z.int().nullable().openapi({
    description:
      "From the start of the shift, or from taking the vehicle over, to beganAt, s; while missing today, to now",
  }),
});

const exampleDay: z.infer<typeof clockDay> = {
  ...{ day: "2026-01-15", driver: "Wanjiku Kamau", imei: exampleVehicle.imei, name: "KDA 123A" },
  ...{ plate: "KDA 123A", account: "fireside", city: "Nairobi", status: "late", shift: "day" },
  ...{ shiftFrom: "2026-01-15T05:00:00Z", shiftTo: "2026-01-15T14:00:00Z" },
  ...{ firstIgnitionAt: "2026-01-15T05:20:00Z", firstMovingAt: "2026-01-15T05:24:10Z" },
  ...{ beganAt: "2026-01-15T05:24:10Z", endedAt: "2026-01-15T14:31:40Z" },
  ...{ lastIgnitionAt: "2026-01-15T14:33:00Z", lateS: 1_450 },
};

const clockAnswer = z
  .object({ ...periodFields, days: z.array(clockDay), next: nextPage })
  .openapi("DriverClock", { example: { ...examplePeriod, days: [exampleDay], next: null } });

const file: FigureFile = {
  name: "driver-clock",
  columns: Object.keys(clockDay.shape),
  lines: (page) => (JSON.parse(page) as { days: Line[] }).days,
};

const route = createRoute({
  method: "get",
  path: "/v1/analytics/driver-clock",
  summary: "When days of drivers began and ended, and who was late or missing",
  description:
    "A day of which nothing is known of the vehicle is not listed, but for today. At most 366 days at once. Today hangs on now: an answer with it is not to be kept. Any other: ask again with `If-None-Match`, 304 while nothing changed.",
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      format: z.enum(["json", "csv"]).default("json").openapi({ description: CSV_HINT, example: "json" }),
      limit: pageLimit,
      after: afterParameter(["2026-01-15", "Wanjiku Kamau", exampleVehicle.imei], MOST_AFTER_CHARACTERS),
    }),
  },
  responses: {
    200: {
      description: "A page in the order of days, names and IMEIs, or a file",
      content: {
        "application/json": { schema: clockAnswer },
        "text/csv": { schema: z.string(), example: exampleFile(file, { days: [exampleDay] }) },
      },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/driver-clock`. */
export function driverClock(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { format, limit, after, ...query } = c.req.valid("query");
    const begin = after === undefined ? null : readPlaceWord(place, "after", after);
    const asked = { ...query, compares: false, pages: true } as const;
    const days = await daysAsked(c, asked);
    const { vehicles, drivers } = vehicleFilter(query);
    const hasToday = days.from <= days.today && days.today <= days.to;
    const now = hasToday ? toIso(nowMs()) : null;
    const list = {
      ...{ statement: selectDriverClock, file },
      parameters: (last: Place | null, most: number) => [
        ...[days.from, days.to, vehicles, drivers, now, last === null ? null : JSON.stringify(last), most],
      ],
    };
    const pages = { format, limit, place: begin };
    return (await answerPages(c, days, asked, pages, list, hasToday)) as never;
  });
}
