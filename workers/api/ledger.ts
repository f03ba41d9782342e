import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readBooks } from "../ledger/books.ts";
import type { ApiEnv } from "./context.ts";
import { instantParameter, plainText } from "./filters.ts";
import { instantsOf } from "./periods.ts";
import { problemAnswers } from "./schemas.ts";
import { privateAskerOf, selectBody } from "./select.ts";

/** Hours are kept for good: who asks for all of them means something else. */
const LONGEST_DAYS = 92;

const query = z.object({
  from: instantParameter
    .optional()
    .openapi({ description: "Default: 24 h before `to`", example: "2026-01-15T00:00:00Z" }),
  to: instantParameter.optional().openapi({ description: "Default: now", example: "2026-01-16T00:00:00Z" }),
  producer: plainText
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: "One isolate alone", example: "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55" }),
});

const amount = z.object({ messages: z.int(), items: z.int() });

const books = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    balanced: z.boolean().openapi({ description: "Everything received is accounted for" }),
    received: amount.openapi({ description: "What was sent to the writer, by the senders' own numbers" }),
    delivered: z.object({
      messages: z.int(),
      written: z.int().openapi({ description: "Items that changed a row" }),
      duplicate: z.int().openapi({ description: "Items that brought nothing new" }),
      rejected: z.int().openapi({ description: "Items that could not become records: /v1/rejected" }),
    }),
    parked: amount.openapi({ description: "Kept until they can be written: /v1/parked" }),
    dead: amount.openapi({ description: "Kept because they cannot: /v1/dead-letters" }),
    pending: amount.openapi({ description: "Under way" }),
    missing: amount.openapi({
      description:
        "Must exist and are nowhere. Of a sender whose count is unknown, items may be missing here",
    }),
    kinds: z.array(
      z.object({
        kind: z.string(),
        messages: z.int(),
        items: z.int(),
        written: z.int(),
        duplicate: z.int(),
        rejected: z.int(),
      }),
    ),
    gaps: z
      .array(z.object({ producer: z.string(), from: z.int(), to: z.int(), provenAt: z.iso.datetime() }))
      .openapi({ description: "The first 20 stretches of numbers that are missing, oldest first" }),
  })
  .openapi("Ledger", {
    example: {
      from: "2026-01-15T00:00:00.000Z",
      to: "2026-01-16T00:00:00.000Z",
      balanced: true,
      received: { messages: 5_760, items: 216_104 },
      delivered: { messages: 5_757, written: 171_220, duplicate: 44_630, rejected: 4 },
      parked: { messages: 2, items: 150 },
      dead: { messages: 0, items: 0 },
      pending: { messages: 1, items: 100 },
      missing: { messages: 0, items: 0 },
      kinds: [
        {
          kind: "location",
          ...{ messages: 4_320, items: 214_560, written: 170_010, duplicate: 44_546, rejected: 4 },
        },
      ],
      gaps: [],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/ledger",
  summary: "Whether everything that was received is accounted for",
  description:
    "received = written + duplicate + rejected + parked + dead + pending, in items. A message that is nowhere belongs to the time of the next one of its sender. What is older than three days is known by the hour.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: { description: "The books of the period", content: { "application/json": { schema: books } } },
    ...problemAnswers,
  },
});

/** `GET /v1/ledger`. */
export function ledger(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { producer = null, ...asked } = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const asker = privateAskerOf(c);
    const { books } = await readBooks(c.env, (sql, parameters) => selectBody(asker, sql, parameters), {
      from,
      to: asked.to ?? null,
      producer,
    });
    return c.json({ from, to, ...books }, 200, { "cache-control": "no-store" });
  });
}
