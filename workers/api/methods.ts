import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./context.ts";

/** What is served where no operation is documented: pages and the documents themselves. */
const READING = ["GET", "HEAD"];

/** Methods that a path is served with, from the documented operations; HEAD wherever there is GET. */
export function methodsAt(api: OpenAPIHono<ApiEnv>, path: string): string[] {
  const methods = api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route" || !matches(definition.route.path, path)) return [];
    const method = definition.route.method.toUpperCase();
    return method === "GET" ? READING : [method];
  });
  return methods.length > 0 ? methods : READING;
}

/** Whether a path is one of a template's, as in `/v1/vehicles/{imei}`. */
function matches(template: string, path: string): boolean {
  const parts = path.split("/");
  const wanted = template.split("/");
  return (
    parts.length === wanted.length && wanted.every((part, at) => part === parts[at] || part.startsWith("{"))
  );
}
