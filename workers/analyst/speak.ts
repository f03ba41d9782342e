import { createMcpHandler } from "@modelcontextprotocol/server";
import { log } from "../../shared/log.ts";
import type { Caller } from "./call.ts";
import { HeldRows } from "./held-rows.ts";
import { serverFor } from "./server.ts";

/** Four statements of the longest kind. */
const MOST_BYTES = 400_000;

/** Answers one request of the Model Context Protocol, of the current revision and of those of 2025. Nothing outlives it. */
export async function speak(caller: Omit<Caller, "held">, request: Request): Promise<Response> {
  const held = new HeldRows();
  const handler = createMcpHandler(() => serverFor({ ...caller, held }), {
    maxRequestBodySize: MOST_BYTES,
    // Its message may quote the body.
    onerror: ({ name }) =>
      log("warn", "analyst_request_refused", { requestId: caller.requestId, error: name }),
  });
  return held.putInto(await handler.fetch(request));
}
