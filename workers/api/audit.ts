import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectAudit from "#sql/workers/api/audit.sql";
import { auditRecord } from "../../shared/message.ts";
import type { ApiEnv } from "./context.ts";
import { pageLimit, placeInstant, plainText, word } from "./filters.ts";
import { pageBody, selectPage } from "./pages.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { afterParameter, readPlaceWord } from "./place-word.ts";
import { nextPage, problemAnswers } from "./schemas.ts";
import { privateAskerOf } from "./select.ts";
import { answerUnkept } from "./unkept.ts";

const LONGEST_DAYS = 92;

/** A statement may have 50,000 characters: of such a page has fewer, or it would not fit into memory. */
const MOST_TEXT_BYTES = 2_000_000;

/** The place of a call in the list. */
const place = z.tuple([placeInstant, z.uuid()]);

/** The record is not the API's own: a schema of it says nothing to readers of the document. */
const outcome = z.enum(auditRecord.shape.outcome.options);

const exampleCall = {
  id: "019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55",
  askedAt: "2026-01-15T08:30:00.125Z",
  analystId: "019b2f10-0000-7c44-9d2a-3f6f0c7a1e55",
  analyst: "Jane",
  tool: "query",
  statement: "select 1 as one",
  arguments: '{"max_rows":100}',
  outcome: "answered" as const,
  reason: null,
  ...{ rowCount: 1, bytes: 10, durationMs: 41 },
  requestId: "019bc0d2-5b1b-7c44-9d2a-3f6f0c7a1e55",
};

const query = z.object({
  ...instantsQuery,
  analyst: plainText
    .min(1, "must not be empty")
    .max(100, "must be at most 100 characters")
    .optional()
    .openapi({ description: "Id of an analyst, or the whole name they had then", example: "Jane" }),
  tool: word.optional().openapi({ example: "query" }),
  outcome: outcome.optional().openapi({ example: "answered" }),
  limit: pageLimit,
  after: afterParameter(["2026-01-15T08:45:00.000000Z", exampleCall.id]),
});

const calls = z
  .object({
    calls: z.array(
      z.object({
        id: z.uuid(),
        askedAt: z.iso.datetime(),
        analystId: z.string(),
        analyst: z.string().openapi({ description: "The name of then" }),
        tool: z.string(),
        statement: z
          .string()
          .nullable()
          .openapi({ description: "SQL that the analyst wrote; null of tools that write their own" }),
        arguments: z.string().openapi({ description: "Whatever else the tool was called with, JSON text" }),
        outcome: outcome.openapi({ description: "refused: nothing ran; failed: the database ended it" }),
        reason: z.string().nullable().openapi({
          description: "Why it was refused or failed: a word of the door, or the SQLSTATE",
        }),
        rowCount: z.int().nullable(),
        bytes: z.int().nullable().openapi({ description: "Of the rows, as JSON" }),
        durationMs: z.int().openapi({ description: "With the wait for a turn, ms" }),
        requestId: z.string().openapi({ description: "As in the log" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("Audit", { example: { calls: [exampleCall], next: null } });

const route = createRoute({
  method: "get",
  path: "/v1/audit",
  summary: "What analysts asked, newest first",
  description: `Every call of a tool, whatever became of it, in a span of at most ${LONGEST_DAYS} days. A call is here some seconds after it was answered. Long statements make short pages: go on as long as there is a \`next\`. Not to be kept.`,
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: { description: "A page", content: { "application/json": { schema: calls } } },
    ...problemAnswers,
  },
});

/** `GET /v1/audit`. */
export function audit(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { limit, after, analyst = null, tool = null, outcome = null, ...asked } = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const [at, id] = after === undefined ? [null, null] : readPlaceWord(place, "after", after);
    const last = JSON.stringify({ at, id });
    const page = await selectPage(privateAskerOf(c), selectAudit, [
      ...[from, to, analyst, tool, outcome, last, limit, MOST_TEXT_BYTES],
    ]);
    return answerUnkept(pageBody(page, "calls", "json")) as never;
  });
}
