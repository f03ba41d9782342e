import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isReader } from "../../shared/config.ts";
import { log, messageOf } from "../../shared/log.ts";
import { admitScope } from "./admission.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { METRICS, type NamedSample, OWNERS_PARTS, PARTS } from "./metrics-parts.ts";
import { PROMETHEUS_TYPE, toPrometheus } from "./prometheus.ts";
import { problemsOf } from "./schemas.ts";
import { answerUnkept } from "./unkept.ts";

/** A scrape must be answered while the database hangs. */
const PATIENCE_MS = 2_000;

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
    const parts = Object.keys(PARTS).filter((part) => !isReader(c.env) || !OWNERS_PARTS.includes(part));
    const answers = await Promise.all(parts.map((part) => ask(c, part)));
    const samples = answers.flat();
    const families = Object.entries(METRICS).map(([name, help]) => ({
      name: `tracksolid_${name}`,
      help,
      samples: samples.filter((sample) => sample.name === name),
    }));
    return answerUnkept(toPrometheus(families), { "content-type": PROMETHEUS_TYPE }) as never;
  });
}

/** The samples of a part, and whether it could be asked. */
async function ask(c: ApiContext, part: string): Promise<NamedSample[]> {
  const up = (value: number): NamedSample => ({ name: "up", labels: { part }, value });
  try {
    const answer = await Promise.race([PARTS[part]?.(c), tooLate()]);
    return [up(1), ...(answer ?? [])];
  } catch (error) {
    log("warn", "metrics_part_down", { requestId: c.get("requestId"), part, error: messageOf(error) });
    return [up(0)];
  }
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
}
