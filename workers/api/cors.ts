import type { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { serviceConfig } from "../../shared/config.ts";
import type { ApiEnv } from "./context.ts";
import { methodsAt } from "./methods.ts";

/** How long a browser may remember the answer to a preflight; Chromium keeps none longer. */
const PREFLIGHT_S = 7_200;

/**
 * Lets pages of the origins in `CORS_ORIGINS` read the answers, refusals included, and answers their preflights before
 * anybody asks for a key. Other origins get no CORS header at all. Cookies and other credentials of a browser are never
 * allowed: a key is a header that the page sets itself, and a login at Cloudflare Access counts for pages of this host alone.
 */
export function crossOrigin(api: OpenAPIHono<ApiEnv>) {
  const allow = cors({
    origin: (origin) => origin,
    allowMethods: (_, c) => methodsAt(api, c.env, c.req.path),
    allowHeaders: ["Authorization", "Content-Type", "If-Match", "If-None-Match"],
    exposeHeaders: ["ETag", "Location", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
    maxAge: PREFLIGHT_S,
  });
  return createMiddleware<ApiEnv>(async (c, next) => {
    const origin = c.req.header("origin");
    const wanted = origin !== undefined && isAllowedOrigin(serviceConfig(c.env).CORS_ORIGINS, origin);
    // CORS does not apply to a WebSocket, whose answer is not to be touched.
    if (wanted && !c.req.header("upgrade")) return allow(c, next);
    await next();
    c.res.headers.append("vary", "Origin");
  });
}

/** Whether pages of an origin may read answers. `*` stands for every page that has an origin: `null` is that of sandboxes and files, which anybody can make. */
export function isAllowedOrigin(origins: readonly string[], origin: string): boolean {
  return origins.includes(origin) || (origins.includes("*") && /^https?:\/\//.test(origin));
}
