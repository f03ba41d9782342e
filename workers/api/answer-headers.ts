import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { ApiEnv } from "./context.ts";

/** What no page and no answer of this product needs. */
const UNUSED_FEATURES = {
  camera: [],
  displayCapture: [],
  geolocation: [],
  microphone: [],
  payment: [],
  usb: [],
};

const secured = (strictTransportSecurity: boolean) =>
  secureHeaders({
    strictTransportSecurity,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      // Covers the page's own WebSocket too since Chrome 71, Firefox 102 and Safari 16.
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

/** HSTS would forbid a developer's browser plain HTTP on this port and every other. */
const inDev = secured(false);
const deployed = secured(true);

/** Security headers of every answer, pages and problems alike. */
export const securityHeaders = createMiddleware<ApiEnv>((c, next) =>
  c.env.ENVIRONMENT === "dev" ? inDev(c, next) : deployed(c, next),
);

/**
 * Headers that follow from who asked: the caller's rate limit, and that no cache may give one caller's data to another.
 * Written into the answer, as all headers here are: once there is one, each `c.header` copies it.
 */
export const callerHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  const ratePolicy = c.get("ratePolicy");
  if (ratePolicy !== undefined) headers.set("ratelimit-policy", ratePolicy);
  if (c.get("asksForKey")) {
    headers.append("vary", "Authorization");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  }
});
