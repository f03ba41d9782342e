import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectHours from "#sql/workers/api/job-hours.sql";
import type { ApiEnv } from "./context.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";

/** The rows of the log are added up for each answer: more of them are for SQL. */
const LONGEST_DAYS = 7;

const count = z.int();

const hours = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    hours: z
      .array(
        z.object({
          hour: z.iso
            .datetime()
            .openapi({ description: "Its beginning; runs belong to the hour they began in" }),
          job: z
            .string()
            .openapi({ description: "As `/v1/jobs` names it; `writer` is the queue's consumer" }),
          errorCode: z
            .string()
            .nullable()
            .openapi({ description: "Of runs that failed, each by its first failure; null: they did all" }),
          runs: count.openapi({ description: "Runs, or batches of the writer" }),
          apiCalls: count.openapi({ description: "Calls of Tracksolid, retries included" }),
          items: count.openapi({ description: "Received" }),
          inserted: count.openapi({ description: "Rows" }),
          updated: count.openapi({ description: "Rows" }),
          duplicate: count.openapi({ description: "Rows that were there already" }),
          rejected: count.openapi({ description: "Items" }),
        }),
      )
      .openapi({ description: "Oldest first; an hour in which nothing ran is not in it" }),
  })
  .openapi("JobHours", {
    example: {
      from: "2026-01-15T08:00:00.000Z",
      to: "2026-01-15T09:00:00.000Z",
      hours: [
        {
          ...{ hour: "2026-01-15T08:00:00Z", job: "live", errorCode: null, runs: 58, apiCalls: 174 },
          ...{ items: 8_700, inserted: 0, updated: 0, duplicate: 0, rejected: 0 },
        },
        {
          ...{ hour: "2026-01-15T08:00:00Z", job: "live", errorCode: "too_frequent", runs: 2, apiCalls: 4 },
          ...{ items: 120, inserted: 0, updated: 0, duplicate: 0, rejected: 0 },
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/jobs/hours",
  summary: "Runs, calls of Tracksolid and rows by hour, job and result",
  description: `In a span of at most ${LONGEST_DAYS} days.`,
  security: [{ key: [] }],
  request: { query: z.object(instantsQuery) },
  responses: {
    200: { description: "The hours of the span", content: { "application/json": { schema: hours } } },
    ...problemAnswers,
  },
});

/** `GET /v1/jobs/hours`. */
export function jobHours(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to } = instantsOf(c.req.valid("query"), LONGEST_DAYS);
    const body = await selectBody(askerOf(c), selectHours, [from, to]);
    const found = JSON.parse(body ?? "[]") as z.output<typeof hours>["hours"];
    return c.json({ from, to, hours: found }, 200, { "cache-control": "no-store" });
  });
}
