import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { ApiProblem } from "../../shared/errors.ts";
import type { ApiEnv } from "./context.ts";

/** Just below the platform's own limit of 16 KB, which it refuses in words that are not ours. */
const MOST_URL_CHARS = 16_000;

/** A filter with a few hundred ids. */
const MOST_BODY_BYTES = 64_000;

/** Refuses what is too long to be a request of this API. Bodies are limited where one is read. */
export const refuseLongUrls = createMiddleware<ApiEnv>((c, next) => {
  if (c.req.url.length > MOST_URL_CHARS) {
    throw new ApiProblem("uri_too_long", `A URL has at most ${MOST_URL_CHARS} characters here.`);
  }
  return next();
});

/** Lets in a body of JSON alone: what is sent as anything else would count as none, and none may stand for all. */
export function readJsonBodyUpTo(maxSize: number) {
  const limitBody = bodyLimit({
    maxSize,
    onError: () => {
      throw new ApiProblem("body_too_large", `A body has at most ${maxSize} bytes here.`);
    },
  });
  return createMiddleware<ApiEnv>((c, next) => {
    if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) {
      throw new ApiProblem("invalid_request", "Send the body with `Content-Type: application/json`.");
    }
    return limitBody(c, next);
  });
}

/** The same where a body says little. */
export const readJsonBody = readJsonBodyUpTo(MOST_BODY_BYTES);
