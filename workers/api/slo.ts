import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectSlo from "#sql/workers/api/slo.sql";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { answerUnkept } from "./unkept.ts";

const seconds = z.number().nullable();

const slo = z
  .object({
    month: z.string(),
    objectiveS: z
      .number()
      .openapi({ description: "A push that was on the map within so many seconds is good" }),
    minutes: z.int().openapi({ description: "Minutes of the month up to now, from the first run on" }),
    good: z.int().openapi({ description: "Of those the ones whose push was on the map in time" }),
    availability: z.number().nullable().openapi({ description: "good / minutes; null before the first run" }),
    doorToMap: z
      .object({ p50S: seconds, p95S: seconds, p99S: seconds, slowestS: seconds })
      .openapi({ description: "From before the push to the live map, of those that came there" }),
    newest: z
      .object({
        at: z.iso.datetime(),
        doorS: seconds.openapi({ description: "How long the push door took; null where it refused" }),
        mapS: seconds.openapi({ description: "null where the fix did not come to the map" }),
      })
      .nullable(),
  })
  .openapi("ServiceLevel", {
    example: {
      month: "2026-01",
      objectiveS: 30,
      minutes: 20_670,
      good: 20_664,
      availability: 0.99971,
      doorToMap: { p50S: 1.312, p95S: 1.604, p99S: 2.951, slowestS: 24.018 },
      newest: { at: "2026-01-15T08:30:00Z", doorS: 0.024, mapS: 1.287 },
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/slo",
  summary: "How long a push takes to the map, and how much of a month that worked",
  description:
    "A canary device pushes a fix through the push door every minute and waits for it on the live map. A minute without such a fix counts as unavailable, whatever was the reason.",
  security: [{ key: [] }],
  request: {
    query: z.object({
      month: z
        .string()
        .regex(/^20\d\d-(0[1-9]|1[0-2])$/, "must be a month, like 2026-01")
        .optional()
        .openapi({ description: "UTC. Default: this one", example: "2026-01" }),
    }),
  },
  responses: {
    200: { description: "The month", content: { "application/json": { schema: slo } } },
    ...problemAnswers,
  },
});

/** `GET /v1/slo`. */
export function serviceLevel(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const now = toIso(nowMs());
    const { month = now.slice(0, 7) } = c.req.valid("query");
    const parameters = [`${month}-01`, now, settings.doorToMapObjectiveMs];
    return answerUnkept(await selectBody(askerOf(c), selectSlo, parameters)) as never;
  });
}
