import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import { toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { readCursor } from "../cursor.ts";
import { placeWord } from "../place-word.ts";
import { answerRevisedSpan } from "../revised-span.ts";
import { notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf } from "../select.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import { readTrips } from "./read.ts";
import { exampleTripPlace, TRIP_PLACE, tripDetail } from "./schemas.ts";

/** Its line on a map of its own. */
const LINE_TOLERANCE_M = 20;

/** A trip that began some day ended by then; its fixes may change as long. */
const LONGEST_MS = 7 * 24 * 3_600_000;

const route = createRoute({
  method: "get",
  path: "/v1/trips/{id}",
  summary: "One trip with its way",
  description:
    "A later report may take the place of a trip and begin it at another moment: its id is then no more. Ask again with `If-None-Match`: 304 while nothing changed that is known of its days.",
  security: [{ key: [] }],
  request: {
    params: z.object({
      id: z
        .string()
        .max(400)
        .openapi({ param: { name: "id", in: "path" }, example: placeWord(exampleTripPlace) }),
    }),
  },
  responses: {
    200: {
      description: `The trip; its line to some ${LINE_TOLERANCE_M} m`,
      content: { "application/json": { schema: tripDetail } },
    },
    304: { description: "Your copy is current" },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/trips/{id}`. */
export function trip(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei, at } = JSON.parse(readCursor("id", c.req.valid("param").id, TRIP_PLACE));
    const to = toIso(Date.parse(at) + LONGEST_MS);
    return answerRevisedSpan(c, { asked: { to }, from: at, to, imeis: [imei] }, async () => {
      const body = await readTrips(askerOf(c), {
        // TypeScript's instants end with milliseconds: the next one is not the trip's.
        ...{ from: at, to: toIso(Date.parse(at) + 1), ...vehicleFilter({ imei: [imei] }) },
        ...{ after: "{}", limit: 1, form: "trip", toleranceM: LINE_TOLERANCE_M, leastKm: null },
      });
      if (body === null) throw new ApiProblem("not_found", "There is no such trip, or no more.");
      return new Response(body, { headers: { "content-type": "application/json" } });
    }) as never;
  });
}
