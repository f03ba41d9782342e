import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectUtilisation from "#sql/workers/api/analytics/utilisation.sql";
import type { ApiEnv } from "../context.ts";
import { answerGroups, groupFile, groupList, groupsQuery, plainCells } from "./groups.ts";
import { REVALIDATE, UNKNOWN, unchangedAnswer } from "./period.ts";

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

const utilisationAnswer = groupList("UtilisationList", figures, exampleFigures);

const { file, content } = groupFile("utilisation", exampleFigures, plainCells);

const route = createRoute({
  method: "get",
  path: "/v1/analytics/utilisation",
  summary: "How much vehicles were used, beside the period before",
  description: `A silent vehicle is listed, and unknown. ${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: { query: groupsQuery },
  responses: {
    200: {
      description: "A page in the order of keys, and the totals; as CSV all groups, without the totals",
      content: { "application/json": { schema: utilisationAnswer }, ...content },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/utilisation`. */
export function utilisation(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(
    route,
    async (c) => answerGroups(c, c.req.valid("query"), { statement: selectUtilisation, file }) as never,
  );
}
