import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import newest from "#sql/workers/api/readings/newest.sql";
import page from "#sql/workers/api/readings/page.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import type { ApiEnv } from "../context.ts";
import { readCursor } from "../cursor.ts";
import { pageLimit } from "../filters.ts";
import { instantsOf, instantsQuery } from "../periods.ts";
import { afterParameter } from "../place-word.ts";
import { exampleVehicle, notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { READING_KINDS, type ReadingKind, readingsQuery } from "./kinds.ts";
import { readingPage } from "./schemas.ts";

/** A heartbeat a minute of a vehicle: 45,000. */
const LONGEST_DAYS = 31;

/** A page reads as many rows of each as it may show: more would be seconds. */
const MOST_VEHICLES = 300;

const PLACE = ["at", "imei", "hash"] as const;

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  limit: pageLimit,
  after: afterParameter([
    "2026-01-15T08:30:00.000000Z",
    exampleVehicle.imei,
    "9e107d9d372bb6826bd81d3542a419d6",
  ]),
});

const route = createRoute({
  method: "get",
  path: "/v1/readings/{kind}",
  summary: "What vehicles and trackers measured, newest first",
  description: `Readings of a span of at most ${LONGEST_DAYS} days and at most ${MOST_VEHICLES} vehicles. What the vendor sent beside these values is not shown. No revision covers them: not to be kept.`,
  security: [{ key: [] }],
  request: {
    params: z.object({
      kind: z.enum(READING_KINDS).openapi({ param: { name: "kind", in: "path" }, example: "temperature" }),
    }),
    query,
  },
  responses: {
    200: { description: "A page", content: { "application/json": { schema: readingPage } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

const STATEMENTS = Object.fromEntries(
  READING_KINDS.map((kind) => [kind, readingsQuery(kind, newest, page)]),
) as Record<ReadingKind, string>;

/** `GET /v1/readings/{kind}`. */
export function readings(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { kind } = c.req.valid("param");
    const { limit, after, ...asked } = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const { vehicles, drivers } = vehicleFilter(asked);
    const place = readCursor("after", after, PLACE);
    const [found] = await select<{ vehicles: number; body: string }>(askerOf(c), STATEMENTS[kind], [
      ...[kind, from, to, vehicles, drivers, place, limit, MOST_VEHICLES],
    ]);
    if (found === undefined || found.vehicles > MOST_VEHICLES) {
      throw new ApiProblem(
        "invalid_request",
        `imei: name some vehicles, or choose fewer by other filters: at most ${MOST_VEHICLES} are read at once`,
      );
    }
    return answerUnkept(found.body) as never;
  });
}
