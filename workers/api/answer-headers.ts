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

/** Headers that follow from who asked: the caller's rate limit, and that no cache may give one caller's data to another. */
export const callerHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  const ratePolicy = c.get("ratePolicy");
  if (ratePolicy !== undefined) c.header("ratelimit-policy", ratePolicy);
  if (c.get("asksForKey")) {
    c.header("vary", "Authorization", { append: true });
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  }
});
