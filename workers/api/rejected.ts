import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  type ItemId,
  placeOf,
  type RejectedItem,
  type RejectedPlace,
  readRejected,
} from "../ledger/rejected.ts";
import type { ApiEnv } from "./context.ts";
import { imeiText, instantParameter, pageLimit, plainText, word } from "./filters.ts";
import { refuseBackwards } from "./periods.ts";
import { placeWord, readPlaceWord } from "./place-word.ts";
import { nextPage, problemAnswers } from "./schemas.ts";
import { privateAskerOf, select } from "./select.ts";

/** Filters of rejected items, in a query string and in a body. */
export const rejectedFilters = {
  reason: word.optional().openapi({ example: "time_out_of_range" }),
  kind: word.optional().openapi({ example: "location" }),
  imei: imeiText.optional().openapi({ example: "860000000000001" }),
  from: instantParameter
    .optional()
    .openapi({ description: "Received since", example: "2026-01-15T00:00:00Z" }),
  to: instantParameter
    .optional()
    .openapi({ description: "Received before", example: "2026-01-16T00:00:00Z" }),
};

const place = z.tuple([
  z.iso.datetime(),
  plainText,
  z.int(),
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
]);

/** Time and identity of an item as one opaque word: a place in the list, and a name of the item. */
export const placeId = ({ receivedAt, producer, sequence, itemNumber }: RejectedPlace): string =>
  placeWord([receivedAt, producer, sequence, itemNumber]);

/** The inverse of {@link placeId}. @throws ApiProblem `invalid_request` where it is none */
export function requirePlace(name: string, id: string): RejectedPlace & ItemId {
  const [receivedAt, producer, sequence, itemNumber] = readPlaceWord(place, name, id);
  return { receivedAt, producer, sequence, itemNumber };
}

const exampleId = placeId({
  receivedAt: "2026-01-15T08:30:08.000000Z",
  producer: "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55",
  sequence: 12,
  itemNumber: 1,
});

/** `next` of the page before. */
export const rejectedPlace = z
  .string()
  .max(400)
  .openapi({ description: "`next` of the answer before", example: exampleId });

const query = z.object({
  ...rejectedFilters,
  redriven: z
    .enum(["false", "all"])
    .default("false")
    .openapi({ description: "`all` adds items that became records after all", example: "all" }),
  limit: pageLimit,
  after: rejectedPlace.optional(),
});

const text = z.string().nullable();

const page = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        reason: z.string(),
        detail: z.string(),
        imei: text,
        kind: z.string(),
        account: text,
        receivedAt: z.iso.datetime(),
        redrivenAt: z.iso.datetime().nullable(),
        item: z.string().openapi({ description: "As it was sent, JSON text" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("RejectedItems", {
    example: {
      items: [
        {
          id: exampleId,
          reason: "time_out_of_range",
          detail:
            "gpsTime 2019-01-06T00:00:00.000Z is not within 2026-01-01T00:00:00Z and two days after its receipt",
          ...{ imei: "860000000000001", kind: "location", account: "fireside" },
          receivedAt: "2026-01-15T08:30:08.000000Z",
          redrivenAt: null,
          item: '{"imei":"860000000000001","gpsTime":"2019-01-06 00:00:00"}',
        },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/rejected",
  summary: "Items that could not become records",
  description: "The same item rejected again for the same reason is listed once.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: { description: "A page, oldest first", content: { "application/json": { schema: page } } },
    ...problemAnswers,
  },
});

/** `GET /v1/rejected`. */
export function rejected(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { limit, after, redriven, ...filter } = c.req.valid("query");
    refuseBackwards(filter);
    const asker = privateAskerOf(c);
    const found = await readRejected(
      (sql, parameters) => select<RejectedItem>(asker, sql, parameters),
      { ...filter, redriven: redriven === "all" },
      after === undefined ? null : requirePlace("after", after),
      limit,
    );
    const items = found.items.map(
      ({ reason, detail, imei, kind, account, receivedAt, redrivenAt, ...rest }) => ({
        id: placeId(placeOf({ receivedAt, ...rest } as RejectedItem)),
        ...{ reason, detail, imei, kind, account, receivedAt, redrivenAt, item: rest.item },
      }),
    );
    const next = found.after && placeId(found.after);
    return c.json({ items, next }, 200, { "cache-control": "no-store" });
  });
}
