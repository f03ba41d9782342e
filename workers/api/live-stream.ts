import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { liveMap } from "../../durable-objects/live-map/index.ts";
import type { StreamCaller } from "../../durable-objects/live-map/ticket.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { toIso } from "../../shared/time.ts";
import { admitAddress, admitScope } from "./admission.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { askLiveMap, liveMapProblems } from "./live-map.ts";
import { problemsOf } from "./schemas.ts";

const streamUrl = z
  .object({
    url: z.string().openapi({ description: "Open it as a WebSocket; add `&since=<version>` to resume" }),
    expiresAt: z.iso.datetime().openapi({ description: "Until when it opens a stream; an open one goes on" }),
  })
  .openapi("StreamUrl", {
    example: {
      url: "wss://api.example.com/v1/live/stream?ticket=eyJjYWxsZXIi.c2lnbmF0dXJl",
      expiresAt: "2026-01-15T08:31:00.000Z",
    },
  });

const urlRoute = createRoute({
  method: "get",
  path: "/v1/live/stream-url",
  summary: "A short-lived URL that opens the stream",
  description: "A browser cannot send a key with a WebSocket, so the URL carries the right to open one.",
  security: [{ key: [] }],
  responses: {
    200: { description: "The URL", content: { "application/json": { schema: streamUrl } } },
    ...liveMapProblems,
  },
});

const KEY_OR_TICKET: Record<string, string[]>[] = [{ key: [] }, { ticket: [] }];

const streamRoute = createRoute({
  method: "get",
  path: "/v1/live/stream",
  summary: "The live map as it changes (WebSocket)",
  description:
    "Opened with the URL of `/v1/live/stream-url`, or with a key in the header. Messages are JSON with `version`, `asOf` and `behindSince`. `changes` brings what the client lacks: `registry` and `positions` as in LiveColumns, IMEIs in `removed`; with `reset` the client first forgets what it holds, and a `version` of null says that more follows. `still` says at `at` that nothing changed. Answer each with the text `ack`: the next comes only then. Close codes: 4401 the key is gone, 4408 no `ack` for 60 s; after any other but 1008, resume with `since`. `/client/index.js` does all of this.",
  security: KEY_OR_TICKET,
  request: {
    query: z.object({
      ticket: z.string().max(2_000).optional().openapi({
        description: "As `/v1/live/stream-url` gave it",
        example: "eyJjYWxsZXIi.c2lnbmF0dXJl",
      }),
      since: z.string().max(100).optional().openapi({
        description: "Version the client holds; an unknown one begins anew",
        example: "5f0c2a9be137.17",
      }),
    }),
  },
  responses: {
    101: { description: "The stream is open" },
    ...problemsOf(
      "invalid_request",
      "key_required",
      "key_unknown",
      "key_expired",
      "ticket_invalid",
      "origin_not_allowed",
      "scope_missing",
      "upgrade_required",
      "too_many_requests",
      "sign_in_unavailable",
      "live_map_unavailable",
    ),
  },
});

/** `GET /v1/live/stream-url` and `GET /v1/live/stream`. */
export function liveStream(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(urlRoute, async (c) => {
    const { ticket, expiresAtMs } = await askLiveMap(() => liveMap(c.env).ticket(streamCaller(c)));
    const url = new URL("/v1/live/stream", c.req.url);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    url.searchParams.set("ticket", ticket);
    return c.json({ url: url.href, expiresAt: toIso(expiresAtMs) }, 200, { "cache-control": "no-store" });
  });

  api.openapi(streamRoute, async (c) => {
    const { ticket, since } = c.req.valid("query");
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new ApiProblem("upgrade_required", "Open this address as a WebSocket.", { upgrade: "websocket" });
    }
    const caller = ticket === undefined ? streamCaller(c) : await redeem(c, ticket);
    const inner = new URL("https://live-map/stream");
    if (since !== undefined) inner.searchParams.set("since", since);
    const answer = await askLiveMap(() =>
      liveMap(c.env).fetch(inner, { headers: { upgrade: "websocket", "x-caller": JSON.stringify(caller) } }),
    );
    if (answer.status === 429) {
      throw new ApiProblem("too_many_requests", "Too many streams are open.", { "retry-after": "60" });
    }
    if (answer.webSocket === null) {
      throw new ApiProblem("live_map_unavailable", "Try again in a few seconds.", { "retry-after": "5" });
    }
    return new Response(null, { status: 101, webSocket: answer.webSocket }) as never;
  });
}

/** The ticket is the admission: a stream that comes with one needs no key, and may be tried so often by an address. */
export async function admitTicketOrKey(c: ApiContext): Promise<void> {
  if (c.req.query("ticket") === undefined) return admitScope(c, "read");
  c.set("asksForKey", true);
  await admitAddress(c);
}

async function redeem(c: ApiContext, ticket: string): Promise<StreamCaller> {
  const { caller } = await askLiveMap(async () => ({ caller: await liveMap(c.env).redeem(ticket) }));
  if (caller === null) {
    throw new ApiProblem("ticket_invalid", "Ask /v1/live/stream-url for a new URL.");
  }
  c.set("caller", { ...caller, scopes: [] });
  return caller;
}

function streamCaller(c: ApiContext): StreamCaller {
  const caller = c.get("caller");
  if (caller === undefined) throw new Error("A stream was asked for without admission");
  // It goes into a URL, without a name or an address; whoever guesses the address of a person finds its hash in it.
  const { id, kind, keyName, origin, expiresAtMs } = caller;
  return { id, kind, keyName, origin, expiresAtMs };
}
