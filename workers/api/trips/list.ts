import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import type { ApiEnv } from "../context.ts";
import { pageLimit, readDecimal } from "../filters.ts";
import { answerList, CSV_HINT, type FactList } from "../lists.ts";
import { instantsOf, instantsQuery } from "../periods.ts";
import { afterParameter } from "../place-word.ts";
import { REVISED_SPAN_HINT } from "../revised-span.ts";
import { problemAnswers } from "../schemas.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { readTrips } from "./read.ts";
import {
  exampleTripFile,
  exampleTripPlace,
  TRIP_COLUMNS,
  TRIP_PLACE,
  tripCollection,
  tripList,
} from "./schemas.ts";

const LONGEST_DAYS = 92;

/** Each is read fix by fix: a quarter of a second for so many. */
const MOST_WITH_LINES = 200;

/** Of many trips on one map nobody sees more. */
const LINE_TOLERANCE_M = 20;

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  min_km: z
    .string()
    .transform(readDecimal)
    .pipe(z.number("must be km").min(0).max(100_000))
    .optional()
    .openapi({ type: "number", minimum: 0, maximum: 100_000, description: "At least so long", example: 1 }),
  format: z
    .enum(["json", "geojson", "csv"])
    .default("json")
    .openapi({
      description: `\`geojson\` is without vehicles that are hidden on maps. ${CSV_HINT}`,
      example: "geojson",
    }),
  lines: z
    .enum(["true", "false"])
    .default("false")
    .openapi({
      description: `With \`format=geojson\`: \`true\` draws the way of each, to some ${LINE_TOLERANCE_M} m, instead of a straight line; at most ${MOST_WITH_LINES} a page`,
      example: "true",
    }),
  limit: pageLimit,
  after: afterParameter(exampleTripPlace),
});

const route = createRoute({
  method: "get",
  path: "/v1/trips",
  summary: "Trips, newest first",
  description: `Trips that began in a span of at most ${LONGEST_DAYS} days. ${REVISED_SPAN_HINT}`,
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page, or a file",
      content: {
        "application/json": { schema: tripList },
        "application/geo+json": { schema: tripCollection },
        "text/csv": { schema: z.string(), example: exampleTripFile },
      },
    },
    304: { description: "Your copy is current" },
    ...problemAnswers,
  },
});

/** `GET /v1/trips`. */
export function trips(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const { format, lines, limit, min_km: leastKm = null } = asked;
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const isDrawn = lines === "true";
    if (isDrawn && format !== "geojson") {
      throw new ApiProblem("invalid_request", "lines: needs format=geojson");
    }
    if (isDrawn && limit > MOST_WITH_LINES) {
      throw new ApiProblem("invalid_request", `limit: at most ${MOST_WITH_LINES} with lines=true`);
    }
    const toleranceM = isDrawn ? LINE_TOLERANCE_M : null;
    const list: FactList = {
      ...{ rows: "trips", place: TRIP_PLACE, columns: TRIP_COLUMNS },
      read: (asker, after, most, form) =>
        readTrips(asker, {
          from,
          to,
          ...vehicleFilter(asked),
          after,
          limit: most,
          form,
          toleranceM,
          leastKm,
        }),
    };
    return answerList(c, list, asked, { from, to }) as never;
  });
}
