import { createMiddleware } from "hono/factory";
import { serviceConfig } from "../../../shared/config.ts";
import { nowMs } from "../../../shared/time.ts";
import { admitAddress, admitScope } from "../admission.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import { isAllowedOrigin } from "../cors.ts";
import { askerOf, selectBody } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { OLD_ANSWERS } from "./answers.ts";
import { fieldsOf } from "./fields.ts";
import { readOldFilters } from "./filters.ts";
import { type Found, oldRoutesAt } from "./find.ts";

/**
 * Answers the paths of the system before this one, so that its pages need no change. Where they are, and who may ask, is
 * configuration: `OLD_PATHS`, `OLD_PATHS_ACCESS`. docs/compat.md says what of them is known.
 */
export const oldPaths = createMiddleware<ApiEnv>(async (c, next) => {
  const method = c.req.method === "HEAD" ? "GET" : c.req.method;
  const found = oldRoutesAt(c.env, c.req.path).find((route) => route.method === method);
  if (found === undefined) return next();
  c.set("oldRoute", found.path);
  const { OLD_PATHS_ACCESS: access } = serviceConfig(c.env);
  // No page of theirs sends a key: the browser says which page asks, which any program can claim.
  if (access === "origin" && c.req.header("authorization") === undefined && comesFromAPage(c)) {
    await admitAddress(c);
  } else await admitScope(c, "read");
  c.res = await answer(c, found);
});

function comesFromAPage(c: ApiContext): boolean {
  const origin = c.req.header("origin");
  if (origin !== undefined) return isAllowedOrigin(serviceConfig(c.env).CORS_ORIGINS, origin);
  return c.req.header("sec-fetch-site") === "same-origin";
}

async function answer(c: ApiContext, { name, imei }: Found): Promise<Response> {
  const { contentType, ask } = OLD_ANSWERS[name];
  const fields = await fieldsOf(c);
  const named: [string, unknown][] = imei === null ? [] : [["imei", imei]];
  const asked = readOldFilters([...named, ...fields], serviceConfig(c.env).OLD_FILTERS);
  const { statement, parameters } = ask(asked, nowMs());
  const body = await selectBody(askerOf(c), statement, parameters);
  return answerUnkept(body, { "content-type": contentType });
}
