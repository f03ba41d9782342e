import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectFuel from "#sql/workers/api/analytics/fuel.sql";
import type { ApiEnv } from "../context.ts";
import { answerGroups, groupFile, groupList, groupsQuery } from "./groups.ts";
import { REVALIDATE, UNKNOWN, unchangedAnswer } from "./period.ts";

const number = z.number().nullable();
const count = z.int().nullable().openapi({
  description: "With a confidence of 0.5 or more; null where no level was told in the period",
});
const litres = number.openapi({ description: "Of those whose litres are known" });

const figures = z
  .object({
    vehicleDays: z.int(),
    distanceKm: number,
    reportedL: number.openapi({ description: "By the vendor's trips, l; not known by driver" }),
    reportedVehicleDays: z.int().openapi({ description: "Days on which that rests" }),
    reportedLPer100Km: number.openapi({ description: "On days on which litres and distance are known" }),
    estimatedL: number.openapi({ description: "Distance by consumption, l; never added to the reported" }),
    estimatedVehicleDays: z.int(),
    refills: count,
    refilledL: litres,
    drains: count,
    drainedL: litres,
    fills: z.int().openapi({ description: "Fuel fills as they were written down at the pump" }),
    filledL: number,
    costs: z
      .array(
        z.object({
          currency: z.string(),
          reported: number.openapi({ description: "Reported litres at the price of the day" }),
          estimated: number.openapi({ description: "Estimated litres at the price of the day" }),
          filled: number.openapi({ description: "Paid at the pump" }),
        }),
      )
      .openapi({ description: "By currency; empty without a price" }),
  })
  .openapi("Fuel");

const exampleFigures: z.input<typeof figures> = {
  ...{ vehicleDays: 7, distanceKm: 512.4, reportedL: null, reportedVehicleDays: 0, reportedLPer100Km: null },
  ...{ estimatedL: 53.8, estimatedVehicleDays: 6, refills: 1, refilledL: 38.5, drains: 0, drainedL: null },
  ...{ fills: 1, filledL: 40 },
  costs: [{ currency: "KES", reported: null, estimated: 9_684, filled: 7_200 }],
};

const fuelAnswer = groupList("FuelList", figures, exampleFigures);

/** Costs in columns: nearly always there is one currency; of several, each column lists them in one order. */
const { file, content } = groupFile("fuel", exampleFigures, ({ costs, ...figures }) => {
  const listed = (name: keyof (typeof costs)[number]) => {
    const [first = null, ...more] = costs.map((cost) => cost[name]);
    return more.length === 0 ? first : [first, ...more].map((cost) => cost ?? "").join("; ");
  };
  return {
    ...figures,
    currency: listed("currency"),
    ...{ reportedCost: listed("reported"), estimatedCost: listed("estimated"), filledCost: listed("filled") },
  };
});

const route = createRoute({
  method: "get",
  path: "/v1/analytics/fuel",
  summary: "Fuel that vehicles used, were filled with and lost, and what it cost, beside the period before",
  description: `What the vendor reports, what is estimated, what sensors tell and what was written down at the pump stand beside each other and are never added. ${UNKNOWN} ${REVALIDATE}`,
  security: [{ key: [] }],
  request: { query: groupsQuery },
  responses: {
    200: {
      description: "A page in the order of keys, and the totals; as CSV all groups, without the totals",
      content: { "application/json": { schema: fuelAnswer }, ...content },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/fuel`. */
export function fuel(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(
    route,
    async (c) => answerGroups(c, c.req.valid("query"), { statement: selectFuel, file, fills: true }) as never,
  );
}
