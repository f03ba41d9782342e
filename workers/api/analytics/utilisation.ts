import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectUtilisation from "#sql/workers/api/analytics/utilisation.sql";
import type { ApiEnv } from "../context.ts";
import { pageLimit } from "../filters.ts";
import { afterParameter } from "../place-word.ts";
import { nextPage } from "../schemas.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import { groupAfter, groupBy, groupFields } from "./groups.ts";
import {
  answerDays,
  comparedFields,
  daysAsked,
  exampleCompared,
  figuresQuery,
  MOST_AFTER_CHARACTERS,
  REVALIDATE,
  UNKNOWN,
  unchangedAnswer,
} from "./period.ts";

const number = z.number().nullable();
const share = number.openapi({ description: "Of what is known, 0 to 1" });
const instant = z.iso.datetime().nullable();

const figures = z
  .object({
    vehicles: z.int(),
    vehicleDays: z.int(),
    knownVehicleDays: z.int().openapi({ description: "Days on which their seconds rest" }),
    usedVehicleDays: z.int().nullable().openapi({ description: "Days on which they moved" }),
    movingS: number,
    idlingS: number,
    parkedS: number,
    unknownS: number.openapi({ description: "The rest of all days; null by driver" }),
    movingShare: share,
    idlingShare: share,
    parkedShare: share,
    distanceKm: number,
    distanceVehicleDays: z.int().openapi({ description: "Days whose distance is known" }),
    trips: number,
    tripsVehicleDays: z.int().openapi({ description: "Days whose trips are known" }),
    firstMovingAt: instant,
    lastMovingAt: instant,
    maxSpeedKmh: number,
  })
  .openapi("Utilisation");

const exampleFigures: z.input<typeof figures> = {
  ...{ vehicles: 1, vehicleDays: 7, knownVehicleDays: 6, usedVehicleDays: 5 },
  ...{ movingS: 61_200, idlingS: 9_000, parkedS: 430_200, unknownS: 104_400 },
  ...{ movingShare: 0.1223, idlingShare: 0.018, parkedShare: 0.8597 },
  ...{ distanceKm: 512.4, distanceVehicleDays: 6, trips: 38, tripsVehicleDays: 6 },
  ...{ firstMovingAt: "2026-01-09T05:04:10Z", lastMovingAt: "2026-01-15T15:40:00Z", maxSpeedKmh: 92 },
};

const utilisationAnswer = z
  .object({
    ...comparedFields,
    groupBy: z.string(),
    totals: z
      .object({ period: figures.nullable(), before: figures.nullable() })
      .openapi({ description: "Of all groups, not of the page alone; null without a vehicle" }),
    groups: z.array(
      z.object({
        ...groupFields,
        period: figures.nullable().openapi({ description: "Null where there was no vehicle" }),
        before: figures
          .nullable()
          .openapi({ description: "Likewise; of a day, the one as many days before" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("UtilisationList", {
    example: {
      ...exampleCompared,
      groupBy: "vehicle",
      totals: { period: exampleFigures, before: null },
      groups: [
        {
          ...{ key: "860000000000001", name: "KDA 123A", plate: "KDA 123A" },
          ...{ period: exampleFigures, before: null },
        },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/utilisation",
  summary: "How much vehicles were used, beside the period before",
  description: `A silent vehicle is listed, and unknown. ${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      group_by: groupBy,
      limit: pageLimit,
      after: afterParameter(["city", "Mombasa"], MOST_AFTER_CHARACTERS),
    }),
  },
  responses: {
    200: {
      description: "A page in the order of keys, and the totals",
      content: { "application/json": { schema: utilisationAnswer } },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/utilisation`. */
export function utilisation(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { group_by, limit, after, ...query } = c.req.valid("query");
    const key = groupAfter(group_by, after);
    const asked = { ...query, compares: true, pages: true } as const;
    const days = await daysAsked(c, asked);
    const { vehicles, drivers } = vehicleFilter(query);
    return (await answerDays(c, days, asked, selectUtilisation, [
      ...[days.from, days.to, days.beforeFrom, vehicles, drivers, group_by, key, limit],
    ])) as never;
  });
}
