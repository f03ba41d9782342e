import { OpenAPIHono } from "@hono/zod-openapi";
import { except } from "hono/combine";
import { secureHeaders } from "hono/secure-headers";
import { serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { newId } from "../../shared/ids.ts";
import { limitByAddress, requireScope } from "./admission.ts";
import type { ApiEnv } from "./context.ts";
import { answerFailure, refuseInvalid } from "./failures.ts";
import { health } from "./health.ts";
import { live } from "./live.ts";
import { admitTicketOrKey, liveStream } from "./live-stream.ts";
import { metrics } from "./metrics.ts";
import { nearest } from "./nearest.ts";
import { openApiDocument } from "./openapi.ts";
import { logRequest } from "./request-log.ts";
import { vehicle } from "./vehicle.ts";
import { vehicles } from "./vehicles.ts";

/** Everything served over HTTP. */
export const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });

app.onError((error, c) => answerFailure(error, c));

app.use(async (c, next) => {
  c.set("requestId", newId());
  await next();
  c.header("x-request-id", c.get("requestId"));
});

app.use(logRequest);

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    referrerPolicy: "same-origin",
  }),
);

app.use(async (c, next) => {
  const { API_HOSTS } = serviceConfig(c.env);
  const { host } = new URL(c.req.url);
  if (API_HOSTS.length > 0 && !API_HOSTS.includes(host)) {
    throw new ApiProblem("not_found", "This host serves nothing.");
  }
  await next();
});

for (const path of ["/health/ready", "/health/ingest"]) app.use(path, limitByAddress);
app.use("/health/*", async (c, next) => {
  await next();
  c.header("cache-control", "no-store");
});

health(app);
metrics(app);
app.use("/v1/live/stream", admitTicketOrKey);
app.use("/v1/*", except("/v1/live/stream", requireScope("read")));
live(app);
liveStream(app);
nearest(app);
vehicles(app);
vehicle(app);
openApiDocument(app);

for (const path of ["/v1/*", "/metrics", "/health", "/health/*", "/openapi.json"]) {
  app.all(path, (c) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") {
      throw new ApiProblem("not_found", "See /openapi.json for what there is.");
    }
    throw new ApiProblem("method_not_allowed", "Only GET and HEAD are served here.", { allow: "GET, HEAD" });
  });
}

/** Whatever the Worker does not serve itself is a file of `web/`. */
app.all("*", async (c) => {
  if (c.req.method !== "GET" && c.req.method !== "HEAD") {
    throw new ApiProblem("method_not_allowed", "Only GET and HEAD are served here.", { allow: "GET, HEAD" });
  }
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  if (asset.status === 404) throw new ApiProblem("not_found", "See /openapi.json for what there is.");
  return new Response(asset.body, asset);
});
