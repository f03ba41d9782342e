import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { fateOf } from "../ledger/receipt.ts";
import type { ApiEnv } from "./context.ts";
import { uuidInPath } from "./filters.ts";
import { exampleReceipt, notFoundAnswer, problemAnswers } from "./schemas.ts";
import { privateAskerOf, selectBody } from "./select.ts";

const text = z.string().nullable();

const fate = z
  .object({
    receipt: z.string(),
    complete: z.boolean().openapi({
      description: "False where so much was kept at that time that not all of it was looked through",
    }),
    messages: z.array(
      z.object({
        kind: z.string(),
        account: text,
        part: z.int().openapi({ description: "From 1" }),
        parts: z.int(),
        state: z.enum(["delivered", "parked", "dead", "pending"]),
        receivedAt: z.iso.datetime().nullable(),
        deliveredAt: z.iso.datetime().nullable(),
        deliveries: z.int(),
        items: z
          .array(
            z.object({
              number: z.int().openapi({ description: "From 0" }),
              outcome: z.enum(["written", "duplicate", "rejected", "parked", "dead"]),
              reason: text,
              detail: text,
            }),
          )
          .openapi({ description: "Empty while the message is pending" }),
      }),
    ),
  })
  .openapi("Receipt", {
    example: {
      receipt: exampleReceipt,
      complete: true,
      messages: [
        {
          ...{ kind: "location", account: "fireside", part: 1, parts: 1, state: "delivered" },
          receivedAt: "2026-01-15T08:30:08.000Z",
          deliveredAt: "2026-01-15T08:30:09.120Z",
          deliveries: 1,
          items: [
            { number: 0, outcome: "written", reason: null, detail: null },
            { number: 1, outcome: "rejected", reason: "imei_missing", detail: "The IMEI is nothing" },
          ],
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/receipts/{id}",
  summary: "What became of each item of a poll run or a push",
  description: "Single messages are known for three days.",
  security: [{ key: [] }],
  request: {
    params: z.object({
      id: uuidInPath.openapi({
        description: "Id of the run in the log, or the one that a push was answered with",
        example: exampleReceipt,
      }),
    }),
  },
  responses: {
    200: { description: "Its messages", content: { "application/json": { schema: fate } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/receipts/{id}`. */
export function receipt(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const asker = privateAskerOf(c);
    const found = await fateOf(c.env, (sql, parameters) => selectBody(asker, sql, parameters), id);
    if (found.messages.length === 0) {
      const why = found.complete
        ? "nothing of it has arrived yet, or it is older than three days"
        : "it is not delivered, and so much is kept of its time that not all of it was looked through";
      throw new ApiProblem("not_found", `Nobody knows the receipt ${id}: ${why}.`);
    }
    return c.json({ receipt: id, ...found }, 200, { "cache-control": "no-store" });
  });
}
