import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectReasons from "#sql/workers/ledger/rejected-reasons.sql";
import type { ApiEnv } from "./context.ts";
import { refuseBackwards } from "./periods.ts";
import { rejectedFilters } from "./rejected.ts";
import { problemAnswers } from "./schemas.ts";
import { privateAskerOf, selectBody } from "./select.ts";

const { reason: _, ...filters } = rejectedFilters;

const reasons = z
  .object({
    reasons: z.array(
      z.object({
        reason: z.string(),
        kind: z.string(),
        items: z.int().openapi({ description: "That wait: /v1/rejected lists them" }),
        vehicles: z.int().openapi({ description: "Different IMEIs among them" }),
        firstAt: z.iso.datetime().openapi({ description: "When the oldest was received" }),
        lastAt: z.iso.datetime().openapi({ description: "When the newest was received" }),
      }),
    ),
  })
  .openapi("RejectedReasons", {
    example: {
      reasons: [
        {
          ...{ reason: "time_out_of_range", kind: "location", items: 12, vehicles: 1 },
          firstAt: "2026-01-12T21:04:11.020Z",
          lastAt: "2026-01-15T08:30:08.000Z",
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/rejected/reasons",
  summary: "How many items could not become records, by reason and kind",
  description: "Without those that became records after all. The most first.",
  security: [{ key: [] }],
  request: { query: z.object(filters) },
  responses: {
    200: { description: "All of them", content: { "application/json": { schema: reasons } } },
    ...problemAnswers,
  },
});

/** `GET /v1/rejected/reasons`. */
export function rejectedReasons(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const filter = c.req.valid("query");
    refuseBackwards(filter);
    const body = await selectBody(privateAskerOf(c), selectReasons, [JSON.stringify(filter)]);
    const found = JSON.parse(body ?? "[]") as z.output<typeof reasons>["reasons"];
    return c.json({ reasons: found }, 200, { "cache-control": "no-store" });
  });
}
