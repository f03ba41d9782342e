import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../../workers/api/app.ts";
import { ORIGIN } from "./caller.ts";

/** Asks a Worker that is configured differently. */
export async function askConfigured(
  bindings: object,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const request = new Request(`${ORIGIN}${path}`, init);
  return app.fetch(request, { ...env, ...bindings } as Env, createExecutionContext());
}
