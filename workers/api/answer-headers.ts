import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { newId } from "../../shared/ids.ts";
import { nowMs } from "../../shared/time.ts";
import type { ApiContext, ApiEnv } from "./context.ts";

/** What no page and no answer of this product needs. */
const UNUSED_FEATURES = {
  camera: [],
  displayCapture: [],
  geolocation: [],
  microphone: [],
  payment: [],
  usb: [],
};

/** The security headers as Hono writes them. They are the same for every answer, so they are read off one here. */
async function readSecurityHeaders(strictTransportSecurity: boolean): Promise<[string, string][]> {
  const secured = secureHeaders({
    strictTransportSecurity,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      // Covers the page's own WebSocket too; a test sees it in a browser.
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    // Stops other sites from embedding an answer. A fetch with CORS is not embedding: browsers ask cors.ts for that.
    crossOriginResourcePolicy: "same-origin",
    permissionsPolicy: UNUSED_FEATURES,
    xFrameOptions: "DENY",
    referrerPolicy: "same-origin",
  });
  const sample = new Hono().get("/", secured, (c) => c.body(null));
  return [...(await sample.request("/")).headers];
}

/** HSTS would forbid a developer's browser plain HTTP on this port and every other. */
const inDev = await readSecurityHeaders(false);
const deployed = await readSecurityHeaders(true);

/**
 * Headers of every answer, pages and problems alike. They are written into the answer that stands: `c.header` would
 * copy it each time.
 */
export const answerHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  const requestId = newId();
  c.set("requestId", requestId);
  await next();
  const { headers } = c.res;
  headers.set("x-request-id", requestId);
  // By it clients whose own clock is wrong tell how old data is. Cloudflare's edge writes its own over it; elsewhere nobody would.
  headers.set("date", new Date(nowMs()).toUTCString());
  for (const [name, value] of c.env.ENVIRONMENT === "dev" ? inDev : deployed) headers.set(name, value);
  for (const [name, value] of Object.entries(c.get("pageHeaders") ?? {})) headers.set(name, value);
  describeCaller(c, headers);
});

/** What follows from who asked: the rate limit, and that no cache may give one caller's data to another. */
function describeCaller(c: ApiContext, headers: Headers): void {
  const ratePolicy = c.get("ratePolicy");
  if (ratePolicy !== undefined) headers.set("ratelimit-policy", ratePolicy);
  if (c.get("asksForKey")) {
    headers.append("vary", "Authorization");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  }
}
