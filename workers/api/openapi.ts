import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./context.ts";

/** `GET /openapi.json`: OpenAPI 3.1, from the schemas that validate the requests. */
export function openApiDocument(api: OpenAPIHono<ApiEnv>): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description:
      "`Authorization: Bearer <key>`: a publishable key (pk_) from its origins, or a secret key (sk_)",
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "ticket", {
    type: "apiKey",
    in: "query",
    name: "ticket",
    description: "Opens a stream; part of the URL that `/v1/live/stream-url` gives",
  });
  api.get("/openapi.json", (c) =>
    c.json(
      api.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "tracksolid-edge",
          version: "1.0.0",
          description:
            "Fleet telematics. Times are UTC, distances km, speeds km/h. Errors are application/problem+json.",
        },
      }),
    ),
  );
}
