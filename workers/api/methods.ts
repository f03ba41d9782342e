import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "./context.ts";
import { oldMethodsAt } from "./old/find.ts";

/** What is served where no operation is documented: pages and the documents themselves. */
const READING = ["GET", "HEAD"];

/** Methods that a path is served with: the documented operations, and the earlier system's; HEAD wherever there is GET. */
export function methodsAt(api: OpenAPIHono<ApiEnv>, env: Env, path: string): string[] {
  const documented = api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route" || !matches(definition.route.path, path)) return [];
    const method = definition.route.method.toUpperCase();
    return method === "GET" ? READING : [method];
  });
  const methods = [...documented, ...oldMethodsAt(env, path)];
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
