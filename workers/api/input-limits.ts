import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { ApiProblem } from "../../shared/errors.ts";
import type { ApiEnv } from "./context.ts";

/** Just below the platform's own limit of 16 KB, which it refuses in words that are not ours. */
const MOST_URL_CHARS = 16_000;

/** Refuses what is too long to be a request of this API. Most bodies need no limit: nothing reads them. */
export const refuseLongUrls = createMiddleware<ApiEnv>((c, next) => {
  if (c.req.url.length > MOST_URL_CHARS) {
    throw new ApiProblem("uri_too_long", `A URL has at most ${MOST_URL_CHARS} characters here.`);
  }
  return next();
});

/** The bodies that are read are a few names and times. */
const MOST_BODY_BYTES = 16_000;

/** Refuses a body that is too long, for routes that read theirs. */
export const refuseLongBodies = bodyLimit({
  maxSize: MOST_BODY_BYTES,
  onError: () => {
    throw new ApiProblem("invalid_request", `A body has at most ${MOST_BODY_BYTES} bytes here.`);
  },
});
