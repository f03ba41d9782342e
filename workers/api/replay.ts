import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { sqlState } from "../../shared/database.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { log, messageOf } from "../../shared/log.ts";
import { VENDOR_KINDS } from "../../shared/message.ts";
import { toIso } from "../../shared/time.ts";
import { type Piece, PieceNotWritten, playPiece } from "../replay/play-piece.ts";
import { decodeCursor, encodeCursor, startOf } from "../replay/position.ts";
import { SKIP_REASONS } from "../replay/skipped.ts";
import { TooMuchRefused } from "../writer/write-batch.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { readJsonBody } from "./input-limits.ts";
import { problemAnswers, problemsOf } from "./schemas.ts";

const request = z
  .strictObject({
    from: z.iso
      .datetime()
      .openapi({ description: "Messages received from then on, UTC", example: "2026-01-15T00:00:00Z" }),
    to: z.iso
      .datetime()
      .openapi({ description: "Messages received before then, UTC", example: "2026-01-16T00:00:00Z" }),
    kinds: z.array(z.enum(VENDOR_KINDS)).min(1).optional().openapi({
      description: "Messages of these kinds alone; a fix that other kinds told too then stays as it is",
    }),
    dryRun: z.boolean().openapi({ description: "Only count what would change" }),
    cursor: z.string().max(200).optional().openapi({ description: "As the piece before gave it" }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ["to"],
    message: "must be later than from",
  });

const exampleRequest: z.input<typeof request> = {
  from: "2026-01-15T00:00:00Z",
  to: "2026-01-16T00:00:00Z",
  kinds: ["location", "pushgps"],
  dryRun: true,
};

const answer = z
  .object({
    messages: z.int().openapi({ description: "Messages in the piece" }),
    items: z.int(),
    tables: z
      .array(z.object({ table: z.string(), inserted: z.int(), changed: z.int(), unchanged: z.int() }))
      .openapi({ description: "What became, or would become, of the rows that the messages tell" }),
    skipped: z
      .array(
        z.object({
          key: z.string().openapi({ description: "Object in R2" }),
          reason: z.enum(SKIP_REASONS).openapi({ "x-extensible-enum": true }),
          messages: z.int().nullable().openapi({ description: "null: the whole object" }),
        }),
      )
      .openapi({ description: "What could not be read; the next piece may meet the same again" }),
    reachedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: "When the last message of the piece was received" }),
    cursor: z.string().nullable().openapi({ description: "For the next piece; null when all is played" }),
  })
  .openapi("ReplayPiece", {
    example: {
      messages: 412,
      items: 3_127,
      tables: [
        { table: "position_history", inserted: 0, changed: 2_904, unchanged: 191 },
        { table: "live_positions", inserted: 0, changed: 148, unchanged: 2 },
      ],
      skipped: [],
      reachedAt: "2026-01-15T00:41:12.480Z",
      cursor: "2026-01-15T00:41:12.480Z/1873/019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55",
    },
  });

const route = createRoute({
  method: "post",
  path: "/v1/replay",
  summary: "Reads archived messages with today's parser and writes them again",
  description:
    "A piece at a time, in the order in which they were received; ask again with the cursor until it is null. `npm run replay` does that. Needs a key with the scope `admin`.",
  security: [{ key: [] }],
  middleware: readJsonBody,
  request: {
    body: { required: true, content: { "application/json": { schema: request, example: exampleRequest } } },
  },
  responses: {
    200: { description: "What the piece did", content: { "application/json": { schema: answer } } },
    ...problemAnswers,
    ...problemsOf("body_too_large"),
  },
});

/** `POST /v1/replay`, for keys with the scope `admin`. */
export function replay(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to, kinds = VENDOR_KINDS, dryRun, cursor } = c.req.valid("json");
    const span = { fromMs: Date.parse(from), beforeMs: Date.parse(to), kinds: new Set<string>(kinds) };
    const after = cursor === undefined ? startOf(span.fromMs) : decodeCursor(cursor);
    if (after === null || after.receivedMs < span.fromMs || after.receivedMs >= span.beforeMs) {
      throw new ApiProblem("invalid_request", "cursor: is not one that this span gave");
    }
    const { reachedMs, next, ...piece } = await play(c, () => playPiece(c.env, span, after, dryRun));
    const reachedAt = reachedMs === null ? null : toIso(reachedMs);
    const body = { ...piece, reachedAt, cursor: next && encodeCursor(next) };
    return c.json(body, 200, { "cache-control": "no-store" });
  });
}

/** @throws ApiProblem `database_unavailable` when the same piece can be played later */
async function play(c: ApiContext, piece: () => Promise<Piece>): Promise<Piece> {
  try {
    return await piece();
  } catch (error) {
    if (error instanceof TooMuchRefused) {
      throw new ApiProblem(
        "internal",
        "Most of this piece is refused, so nothing of it was written; the log says why under this request id.",
        {},
        error,
      );
    }
    if (!(error instanceof PieceNotWritten)) throw error;
    const { cause } = error;
    const requestId = c.get("requestId");
    log("error", "database_unavailable", { requestId, sqlState: sqlState(cause), error: messageOf(cause) });
    throw new ApiProblem(
      "database_unavailable",
      "Nothing of this piece was written. Send it again in a few seconds.",
      { "retry-after": "5" },
      cause,
    );
  }
}
