import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectStretches from "#sql/workers/api/activity/stretches.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import { settings } from "../../../shared/settings.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { instantsOf, instantsQuery } from "../periods.ts";
import { imeiParameter, notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf, selectBody } from "../select.ts";
import { answerUnkept } from "../unkept.ts";

/** Every fix of them is judged: a week of one vehicle is what a person looks at. */
const LONGEST_DAYS = 8;

const seconds = z.int();

const activity = z
  .object({
    imei: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime().openapi({ description: "As asked for, but not after now" }),
    movingS: seconds,
    idlingS: seconds,
    parkedS: seconds,
    unknownS: seconds.openapi({ description: "The four add up to the span" }),
    maxSpeedKmh: z.number().nullable().openapi({ description: "Of the fixes in the span; null without any" }),
    stretches: z
      .array(
        z.object({
          state: z.enum(["moving", "idling", "parked", "unknown"]),
          from: z.iso.datetime(),
          to: z.iso.datetime(),
        }),
      )
      .openapi({ description: "Oldest first; each begins where the one before ends" }),
  })
  .openapi("Activity", {
    example: {
      imei: "860000000000001",
      from: "2026-01-15T05:00:00Z",
      to: "2026-01-15T09:00:00Z",
      ...{ movingS: 1_800, idlingS: 600, parkedS: 10_800, unknownS: 1_200, maxSpeedKmh: 71 },
      stretches: [
        { state: "parked", from: "2026-01-15T05:00:00Z", to: "2026-01-15T05:30:00Z" },
        { state: "moving", from: "2026-01-15T05:30:00Z", to: "2026-01-15T06:00:00Z" },
        { state: "idling", from: "2026-01-15T06:00:00Z", to: "2026-01-15T06:10:00Z" },
        { state: "parked", from: "2026-01-15T06:10:00Z", to: "2026-01-15T08:40:00Z" },
        { state: "unknown", from: "2026-01-15T08:40:00Z", to: "2026-01-15T09:00:00Z" },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/vehicles/{imei}/activity",
  summary: "What a vehicle did, stretch by stretch",
  description: `Moving, idling (standing, ignition on), parked, or unknown: judged between each two fixes as its days in /v1/analytics are, which add up the same. At most ${LONGEST_DAYS} days. It holds no places, so vehicles that are hidden on maps have it too.`,
  security: [{ key: [] }],
  request: { params: z.object({ imei: imeiParameter }), query: z.object(instantsQuery) },
  responses: {
    200: { description: "The whole span", content: { "application/json": { schema: activity } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/vehicles/{imei}/activity`. */
export function activityOf(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const { from, to } = instantsOf(c.req.valid("query"), LONGEST_DAYS);
    // What is to come is not unknown. Of a span that has not begun there is nothing to tell.
    const until = toIso(Math.max(Date.parse(from), Math.min(Date.parse(to), nowMs())));
    const body = await selectBody(askerOf(c), selectStretches, [
      ...[imei, from, until],
      ...[settings.gapWhileMovingS, settings.movingAboveKmh],
    ]);
    if (body === null) throw new ApiProblem("not_found", `No vehicle has the IMEI ${imei}.`);
    return answerUnkept(body) as never;
  });
}
