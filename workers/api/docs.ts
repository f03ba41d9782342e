import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./context.ts";
import type { ApiDocument } from "./openapi.ts";

/** `GET /docs`. */
export function docs(api: OpenAPIHono<ApiEnv>, document: () => ApiDocument): void {
  api.get("/docs", (c) => c.json(document()));
}
