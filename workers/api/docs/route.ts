import type { OpenAPIHono } from "@hono/zod-openapi";
import { answerUnlessCurrent } from "../conditional.ts";
import type { ApiEnv } from "../context.ts";
import type { ApiDocument } from "../openapi.ts";
import { page } from "./page.ts";

/** `GET /docs`: the document as a page, without any script. */
export function docs(api: OpenAPIHono<ApiEnv>, document: () => ApiDocument): void {
  api.get("/docs", async (c) => {
    const html = await page(document(), new URL(c.req.url).origin);
    return answerUnlessCurrent(c, html.toString(), "text/html; charset=utf-8");
  });
}
