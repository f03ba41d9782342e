import type { OpenAPIHono } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { methodsAt } from "./methods.ts";

/** Refuses a method that a path is not served with. @throws ApiProblem `method_not_allowed`, with those that are */
export function refuseOtherMethods(api: OpenAPIHono<ApiEnv>, c: ApiContext): void {
  const methods = methodsAt(api, c.env, c.req.path);
  if (methods.includes(c.req.method)) return;
  const detail = `Only ${methods.join(" and ")} ${methods.length > 1 ? "are" : "is"} served here.`;
  throw new ApiProblem("method_not_allowed", detail, { allow: methods.join(", ") });
}

/** What is answered where nothing is. */
export const nothingHere = () => new ApiProblem("not_found", "See /openapi.json for what there is.");
