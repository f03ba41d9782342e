import type { Hook } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { Misconfigured } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { routeOf } from "./request-log.ts";

/** Answers whatever was thrown as `application/problem+json`; internals stay in the log. */
export function answerFailure(error: Error, c: ApiContext): Response {
  const requestId = c.get("requestId");
  const problem = toProblem(error);
  const { code } = problem;
  const body = problem.toBody(requestId, new URL(c.req.url).origin);
  c.set("problem", code);
  if (body.status >= 500) {
    const route = routeOf(c);
    const cause = error.cause ?? error;
    log("error", "request_failed", { requestId, route, code, error: messageOf(cause) });
    reportFailure(c.env, {
      event: "request_failed",
      error: cause,
      alike: [route, code],
      tags: { requestId, route, code },
    });
  }
  return c.body(JSON.stringify(body), body.status, {
    ...problem.headers,
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
}

function toProblem(error: Error): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof HTTPException && error.status < 500) {
    return new ApiProblem("invalid_request", error.message || "The request could not be read.");
  }
  if (error instanceof Misconfigured) {
    return new ApiProblem("misconfigured", "The log of this deployment lists what is missing.");
  }
  return new ApiProblem("internal", "The failure was logged under this request id.");
}

/** What zod refuses becomes one sentence per field. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, unknown> = (result) => {
  if (result.success) return;
  const sentences = new Map<string, string>();
  for (const { path, message } of result.error.issues) {
    const field = path.join(".") || result.target;
    // What is wrong with a value first; what else would be wrong with it then, nobody wants to know.
    if (sentences.has(field)) continue;
    sentences.set(field, message.endsWith("received undefined") ? "must be given" : message);
  }
  const told = [...sentences].slice(0, 10).map(([field, sentence]) => `${field}: ${sentence}`);
  throw new ApiProblem("invalid_request", told.join("; "));
};
