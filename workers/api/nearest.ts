import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { liveMap } from "../../durable-objects/live-map/index.ts";
import type { ApiEnv } from "./context.ts";
import { readDecimal } from "./filters.ts";
import { liveFilter, liveFilterQuery } from "./live-filter.ts";
import { askLiveMap, liveMapProblems } from "./live-map.ts";
import { neighbours } from "./live-schemas.ts";

const degrees = (most: number) =>
  z.string().transform(readDecimal).pipe(z.number("must be decimal degrees").min(-most).max(most));

const query = liveFilterQuery.extend({
  lat: degrees(90).openapi({ type: "number", minimum: -90, maximum: 90, example: -1.2841 }),
  lng: degrees(180).openapi({ type: "number", minimum: -180, maximum: 180, example: 36.8233 }),
  n: z
    .string()
    .default("5")
    .transform(readDecimal)
    .pipe(z.int().min(1).max(100))
    .openapi({ type: "integer", minimum: 1, maximum: 100, default: 5, example: 3 }),
});

const route = createRoute({
  method: "get",
  path: "/v1/nearest",
  summary: "The vehicles nearest to a point",
  description:
    "Straight-line distance from each vehicle's newest fix; look at its age before you send somebody.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "Nearest first",
      content: { "application/json": { schema: neighbours } },
    },
    ...liveMapProblems,
  },
});

/** `GET /v1/nearest`. */
export function nearest(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { lat, lng, n, ...filter } = c.req.valid("query");
    const answer = await askLiveMap(() => liveMap(c.env).nearest({ lat, lng }, n, liveFilter(filter)));
    return c.json(answer, 200, { "cache-control": "no-store" });
  });
}
