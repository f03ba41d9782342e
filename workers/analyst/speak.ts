import { createMcpHandler } from "@modelcontextprotocol/server";
import { log } from "../../shared/log.ts";
import type { Caller } from "./call.ts";
import { serverFor } from "./server.ts";

/** Four statements of the longest kind. */
const MOST_BYTES = 400_000;

/** Answers one request of the Model Context Protocol, of the current revision and of those of 2025. Nothing outlives it. */
export function speak(caller: Caller, request: Request): Promise<Response> {
  const handler = createMcpHandler(() => serverFor(caller), {
    maxRequestBodySize: MOST_BYTES,
    responseMode: "json",
    // Its message may quote the body.
    onerror: ({ name }) =>
      log("warn", "analyst_request_refused", { requestId: caller.requestId, error: name }),
  });
  return handler.fetch(request);
}
