import { createMiddleware } from "hono/factory";
import { matchedRoutes, routePath } from "hono/route";
import { log } from "../../shared/log.ts";
import { noteRequest } from "../../shared/points.ts";
import { nowMs } from "../../shared/time.ts";
import type { ApiContext, ApiEnv } from "./context.ts";

/** One line and one point for every request, whatever became of it; an upgrade to a WebSocket counts as answered. */
export const logRequest = createMiddleware<ApiEnv>(async (c, next) => {
  const startedMs = nowMs();
  await next();
  const analystId = c.get("analystId");
  const caller = analystId === undefined ? c.get("caller") : { kind: "analyst", id: analystId };
  const request = {
    route: routeOf(c),
    method: c.req.method,
    status: c.res.status,
    durationMs: nowMs() - startedMs,
    callerKind: caller?.kind ?? "anonymous",
  };
  log("info", "request", {
    requestId: c.get("requestId"),
    ...request,
    code: c.get("problem") ?? null,
    caller: caller?.id ?? "anonymous",
    ray: c.req.header("cf-ray") ?? null,
    version: c.env.VERSION.id,
  });
  noteRequest(c.env, request);
});

/**
 * The pattern of the route that was asked for, also where admission came first: `/v1/vehicles/{imei}`. What no route
 * matches has the pattern of what refused it; its path stays unknown, since anything may stand in it.
 */
export function routeOf(c: ApiContext): string {
  const old = c.get("oldRoute");
  if (old !== undefined) return old;
  const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
  return (route?.path ?? routePath(c)).replace(/:(\w+)(\{[^}]*\})?/g, "{$1}");
}
