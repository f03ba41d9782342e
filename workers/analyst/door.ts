import { Hono } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { analystGate } from "../../durable-objects/analyst-gate/index.ts";
import { accessConfig, doorHosts, serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { answerHeaders } from "../api/answer-headers.ts";
import type { ApiContext, ApiEnv } from "../api/context.ts";
import { isAllowedOrigin } from "../api/cors.ts";
import { answerFailure } from "../api/failures.ts";
import { logRequest } from "../api/request-log.ts";
import { admitAnalyst, METADATA_PATH } from "./admission.ts";

const PATH = "/mcp";

/** Whether a request is for the analysts' door. Deployed, it has hosts of its own; a local one serves all doors on one address. */
export function isForAnalysts(request: Request, env: Env): boolean {
  const { MCP_HOSTS, API_HOSTS } = doorHosts(env);
  const { host, pathname } = new URL(request.url);
  const isItsPath = pathname === PATH || pathname.startsWith(METADATA_PATH);
  if (MCP_HOSTS.length === 0) return API_HOSTS.length === 0 && isItsPath;
  return MCP_HOSTS.includes(host) && (isItsPath || !API_HOSTS.includes(host));
}

/** The Model Context Protocol, for analysts' clients. */
export const analystDoor = new Hono<ApiEnv>();

analystDoor.onError((error, c) => answerFailure(error, c));
analystDoor.use(answerHeaders);
analystDoor.use(logRequest);

/** A page may ask only from the origins that may read the API; programs name none. */
const fromKnownOrigins = createMiddleware<ApiEnv>(async (c, next) => {
  const origin = c.req.header("origin");
  if (origin === undefined) return next();
  if (!isAllowedOrigin(serviceConfig(c.env).CORS_ORIGINS, origin)) {
    throw new ApiProblem("origin_not_allowed", "Pages of this origin are not served here.");
  }
  return allow(c, next);
});

const allow = cors({
  origin: (origin) => origin,
  allowMethods: ["POST"],
  exposeHeaders: ["Retry-After", "WWW-Authenticate", "X-Request-Id"],
});

/** Who signs analysts in. Where nobody does, tokens are all there is. */
function metadata(c: ApiContext): Response {
  const access = accessConfig(c.env);
  if (access === null) throw new ApiProblem("not_found", "Analysts sign in with tokens alone.");
  return c.json({
    resource: `${new URL(c.req.url).origin}${PATH}`,
    resource_name: "Fleet data",
    authorization_servers: [access.team],
    bearer_methods_supported: ["header"],
  });
}

analystDoor.use(PATH, fromKnownOrigins);

analystDoor.post(PATH, async (c) => {
  c.set("asksForKey", true);
  const analyst = await admitAnalyst(c);
  c.set("analystId", analyst.id);
  const retryAfterS = await analystGate(c.env).knock(analyst.id);
  if (retryAfterS > 0) {
    throw new ApiProblem("too_many_requests", "This analyst is over the limit: slow down.", {
      "retry-after": String(retryAfterS),
    });
  }
  // The protocol's own code is read only where somebody speaks it.
  const { speak } = await import("./speak.ts");
  return speak({ env: c.env, analyst, requestId: c.get("requestId") }, c.req.raw);
});

analystDoor.all(PATH, () => {
  throw new ApiProblem("method_not_allowed", "Only POST is served here: every request stands alone.", {
    allow: "POST",
  });
});

for (const path of [METADATA_PATH, `${METADATA_PATH}${PATH}`]) analystDoor.get(path, metadata);

analystDoor.all("*", () => {
  throw new ApiProblem("not_found", "Analysts' clients connect to /mcp.");
});
