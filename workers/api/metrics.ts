import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { admitScope } from "./admission.ts";
import type { ApiEnv } from "./context.ts";
import { PROMETHEUS_TYPE, toPrometheus } from "./prometheus.ts";
import { readMetrics } from "./read-metrics.ts";
import { problemsOf } from "./schemas.ts";
import { answerUnkept } from "./unkept.ts";

const route = createRoute({
  method: "get",
  path: "/metrics",
  summary: "What the database, the queue and the Durable Objects know, for Prometheus",
  security: [{ key: [] }],
  responses: {
    200: {
      description:
        "Gauges in text format 0.0.4. A part that cannot be asked is left out, and `up` says 0 of it",
      content: {
        "text/plain": {
          schema: z.string(),
          example:
            '# HELP tracksolid_up Whether a part of the service could be asked\n# TYPE tracksolid_up gauge\ntracksolid_up{part="database"} 1\n',
        },
      },
    },
    ...problemsOf(
      "key_required",
      "key_unknown",
      "key_expired",
      "origin_not_allowed",
      "scope_missing",
      "too_many_requests",
      "sign_in_unavailable",
    ),
  },
});

/** `GET /metrics`, for keys with the scope `admin`. */
export function metrics(api: OpenAPIHono<ApiEnv>): void {
  api.use("/metrics", async (c, next) => {
    await admitScope(c, "admin");
    await next();
  });
  api.openapi(route, async (c) => {
    const families = (await readMetrics(c)).map(({ name, ...figures }) => ({
      name: `tracksolid_${name}`,
      ...figures,
    }));
    return answerUnkept(toPrometheus(families), { "content-type": PROMETHEUS_TYPE }) as never;
  });
}
