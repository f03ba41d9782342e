import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectFilters from "#sql/workers/api/analytics/filters.sql";
import selectKnownDays from "#sql/workers/api/analytics/known-days.sql";
import type { ApiEnv } from "../context.ts";
import { exampleValues, filterValues, MOST_LISTED, valuesOf } from "../map-filters.ts";
import { askerOf, select } from "../select.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import {
  answerDays,
  daysAsked,
  examplePeriod,
  figuresQuery,
  periodFields,
  REVALIDATE,
  unchangedAnswer,
} from "./period.ts";

const day = z.iso.date().nullable();

const filtersAnswer = z
  .object({
    ...periodFields,
    firstDay: day.openapi({ description: "First day of which anything is known of any vehicle" }),
    lastDay: day.openapi({ description: "The last" }),
    ...filterValues,
    drivers: valuesOf("`driver`: who had a vehicle in the period"),
    alarmCodes: z
      .array(
        z.object({
          value: z.string(),
          name: z.string().nullable(),
          class: z.string().nullable(),
          alarms: z.int(),
        }),
      )
      .openapi({ description: "Codes of alarms in the period" }),
  })
  .openapi("AnalyticsFilters", {
    example: {
      ...examplePeriod,
      ...{ firstDay: "2026-01-02", lastDay: "2026-01-15" },
      ...exampleValues,
      drivers: [{ value: "Wanjiku Kamau", vehicles: 1 }],
      alarmCodes: [{ value: "word:overSpeed", name: "Overspeed", class: "speed", alarms: 612 }],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/filters",
  summary: "By what figures of a period can be filtered",
  description: `Values of the vehicles that match, the most frequent first, at most ${MOST_LISTED} of each. ${REVALIDATE}`,
  security: [{ key: [] }],
  request: { query: figuresQuery },
  responses: {
    200: { description: "The values", content: { "application/json": { schema: filtersAnswer } } },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/filters`. */
export function analyticsFilters(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const asked = { ...query, compares: false };
    const days = await daysAsked(c, asked);
    const [ends] = await select<{ first: string | null; last: string | null }>(askerOf(c), selectKnownDays);
    const { first = null, last = null } = ends ?? {};
    const { vehicles, drivers } = vehicleFilter(query);
    const parameters = [days.from, days.to, vehicles, drivers, first, last, MOST_LISTED];
    const known = `${first}-${last}`;
    return (await answerDays(c, days, asked, selectFilters, parameters, known)) as never;
  });
}
