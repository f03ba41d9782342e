import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectDriverClock from "#sql/workers/api/analytics/driver-clock.sql";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { imeiText, pageLimit, plainText } from "../filters.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { exampleVehicle, nextPage } from "../schemas.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import {
  answerDays,
  answerNow,
  daysAsked,
  examplePeriod,
  figuresQuery,
  MOST_AFTER_CHARACTERS,
  periodFields,
  unchangedAnswer,
} from "./period.ts";

const place = z.tuple([z.iso.date(), plainText, imeiText]);

const text = z.string().nullable();
const instant = z.iso.datetime().nullable();

const clockAnswer = z
  .object({
    ...periodFields,
    days: z.array(
      z.object({
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
      }),
    ),
    next: nextPage,
  })
  .openapi("DriverClock", {
    example: {
      ...examplePeriod,
      days: [
        {
          ...{ day: "2026-01-15", driver: "Wanjiku Kamau", imei: exampleVehicle.imei, name: "KDA 123A" },
          ...{ plate: "KDA 123A", account: "fireside", city: "Nairobi", status: "late", shift: "day" },
          ...{ shiftFrom: "2026-01-15T05:00:00Z", shiftTo: "2026-01-15T14:00:00Z" },
          ...{ firstIgnitionAt: "2026-01-15T05:20:00Z", firstMovingAt: "2026-01-15T05:24:10Z" },
          ...{ beganAt: "2026-01-15T05:24:10Z", endedAt: "2026-01-15T14:31:40Z" },
          ...{ lastIgnitionAt: "2026-01-15T14:33:00Z", lateS: 1_450 },
        },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/driver-clock",
  summary: "When days of drivers began and ended, and who was late or missing",
  description:
    "A day of which nothing is known of the vehicle is not listed, but for today. At most 366 days at once. Today hangs on now: an answer with it is not to be kept. Any other: ask again with `If-None-Match`, 304 while nothing changed.",
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      limit: pageLimit,
      after: afterParameter(["2026-01-15", "Wanjiku Kamau", exampleVehicle.imei], MOST_AFTER_CHARACTERS),
    }),
  },
  responses: {
    200: {
      description: "A page in the order of days, names and IMEIs",
      content: { "application/json": { schema: clockAnswer } },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/driver-clock`. */
export function driverClock(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { limit, after, ...query } = c.req.valid("query");
    const last = after === undefined ? null : JSON.stringify(readPlaceWord(place, "after", after));
    const asked = { ...query, compares: false, pages: true } as const;
    const days = await daysAsked(c, asked);
    const { vehicles, drivers } = vehicleFilter(query);
    const hasToday = days.from <= days.today && days.today <= days.to;
    const now = hasToday ? toIso(nowMs()) : null;
    const parameters = [days.from, days.to, vehicles, drivers, now, last, limit];
    const answer = hasToday ? answerNow : answerDays;
    return (await answer(c, days, asked, selectDriverClock, parameters)) as never;
  });
}
