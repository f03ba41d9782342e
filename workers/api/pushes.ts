import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectPushes from "#sql/workers/api/pushes.sql";
import { vendorConfig } from "../../shared/config.ts";
import { PUSH_KINDS } from "../../shared/jimi/push/kinds.ts";
import type { ApiEnv } from "./context.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { exampleVehicle, problemAnswers } from "./schemas.ts";
import { privateAskerOf, selectBody } from "./select.ts";

/** Rows of it are looked through where a kind came and an account is not among its senders. */
const LONGEST_DAYS = 31;

const count = z.int();

const pushed = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    accounts: z
      .array(
        z.object({
          account: z.string(),
          vehicles: count,
          imei: z.string().nullable().openapi({ description: "One of its vehicles" }),
        }),
      )
      .openapi({ description: "Those that are polled, and those that have vehicles beside them" }),
    kinds: z
      .array(
        z.object({
          kind: z.string().openapi({ description: "The vendor's path in lower case, or what it stands for" }),
          messages: count,
          items: count,
          written: count.openapi({ description: "Items that changed a row" }),
          duplicate: count.openapi({ description: "Items that brought nothing new" }),
          rejected: count.openapi({ description: "Items that could not become records: /v1/rejected" }),
          accounts: z.array(z.string()).openapi({
            description:
              "Accounts of whose vehicles there are such rows of the span. A push does not say whose it is. `pushgps` and `tag` become the same rows, as do `pushalarm` and `open_alarm`",
          }),
        }),
      )
      .openapi({ description: "All there are; of those that did not come every count is 0" }),
  })
  .openapi("Pushes", {
    example: {
      from: "2026-01-15T00:00:00.000Z",
      to: "2026-01-16T00:00:00.000Z",
      accounts: [{ account: exampleVehicle.account, vehicles: 52, imei: exampleVehicle.imei }],
      kinds: [
        {
          ...{
            kind: "pushgps",
            messages: 41_200,
            items: 130_040,
            written: 129_800,
            duplicate: 240,
            rejected: 0,
          },
          accounts: [exampleVehicle.account],
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/pushes",
  summary: "What the vendor pushed, by kind, and of which accounts",
  description: `In a span of at most ${LONGEST_DAYS} days. What is older than three days is counted by whole hours.`,
  security: [{ key: [] }],
  request: { query: z.object(instantsQuery) },
  responses: {
    200: { description: "Counts of the span", content: { "application/json": { schema: pushed } } },
    ...problemAnswers,
  },
});

/** `GET /v1/pushes`. */
export function pushes(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to } = instantsOf(c.req.valid("query"), LONGEST_DAYS);
    const lists = [PUSH_KINDS, vendorConfig(c.env).TRACKSOLID_TARGETS].map((list) => JSON.stringify(list));
    const body = await selectBody(privateAskerOf(c), selectPushes, [from, to, ...lists]);
    const counted = JSON.parse(body ?? "") as Pick<z.output<typeof pushed>, "accounts" | "kinds">;
    return c.json({ from, to, ...counted }, 200, { "cache-control": "no-store" });
  });
}
