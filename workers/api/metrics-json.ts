import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { readMetrics } from "./read-metrics.ts";
import { problemAnswers } from "./schemas.ts";

const figures = z
  .object({
    at: z.iso.datetime(),
    metrics: z
      .array(
        z.object({
          name: z.string().openapi({ description: "As in `/metrics`, without `tracksolid_` before it" }),
          help: z.string(),
          samples: z.array(z.object({ labels: z.record(z.string(), z.string()), value: z.number() })),
        }),
      )
      .openapi({
        description: "Those without a figure too: what could not be asked has none, and `up` says 0 of it",
      }),
  })
  .openapi("Metrics", {
    example: {
      at: "2026-01-15T08:30:00.000Z",
      metrics: [
        {
          name: "vendor_calls_last_hour",
          help: "Calls of the vendor's API in the last hour, retries included",
          samples: [{ labels: { job: "live" }, value: 180 }],
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/metrics",
  summary: "The figures of `/metrics`, as JSON",
  description: "For pages. Answers while the database is away, without its figures.",
  security: [{ key: [] }],
  responses: {
    200: { description: "The figures of now", content: { "application/json": { schema: figures } } },
    ...problemAnswers,
  },
});

/** `GET /v1/metrics`, for keys with the scope `admin`. */
export function metricsJson(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) =>
    c.json({ at: toIso(nowMs()), metrics: await readMetrics(c) }, 200, { "cache-control": "no-store" }),
  );
}
