import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { type KeptFolder, keyOf, objectId, selectKept } from "../kept/select-kept.ts";
import type { ApiEnv } from "./context.ts";
import { instantParameter, pageLimit, word } from "./filters.ts";
import { refuseBackwards } from "./periods.ts";
import { problemAnswers } from "./schemas.ts";

/** What leads to which folder of R2. */
export const KEPT_DOORS = {
  "/v1/parked": { folder: "parked/", summary: "Messages that wait until they can be written" },
  "/v1/dead-letters": {
    folder: "dead/",
    summary: "Messages that could not be written, although all was well",
  },
} as const satisfies Record<string, { folder: KeptFolder; summary: string }>;

/** Filters of kept objects, in a query string and in a body. */
export const keptFilters = {
  reason: word.optional().openapi({ description: "Why they are kept", example: "database_away" }),
  kind: word.optional().openapi({ description: "Objects that hold such messages", example: "location" }),
  from: instantParameter
    .optional()
    .openapi({ description: "Objects that hold something received since", example: "2026-01-15T00:00:00Z" }),
  to: instantParameter
    .optional()
    .openapi({ description: "Objects that hold something received before", example: "2026-01-16T00:00:00Z" }),
};

const exampleId = (folder: KeptFolder) =>
  objectId(`${folder}2026/01/15/08/019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55.ndjson.gz`);

/** `next` of the page before. */
export const keptPlace = (folder: KeptFolder) =>
  z
    .string()
    .max(400)
    .openapi({ description: "`next` of the answer before", example: exampleId(folder) });

/** The key that an id names. @throws ApiProblem `invalid_request` where it names none */
export function requireKey(name: string, id: string, folder: KeptFolder): string {
  const key = keyOf(id, folder);
  if (key === null) throw new ApiProblem("invalid_request", `${name}: must come from an answer of this list`);
  return key;
}

const page = z
  .object({
    objects: z.array(
      z.object({
        id: z.string(),
        reason: z.string(),
        error: z.string().openapi({ description: "What the database said, where it said something" }),
        messages: z.int(),
        items: z.int(),
        kinds: z.array(z.string()),
        from: z.iso.datetime().nullable().openapi({ description: "When the oldest was received" }),
        to: z.iso.datetime().nullable().openapi({ description: "When the newest was received" }),
        keptAt: z.iso.datetime(),
        bytes: z.int().openapi({ description: "Compressed" }),
      }),
    ),
    next: z.string().nullable().openapi({
      description: "Send it as `after` for the next page, which may be empty; null at the end",
    }),
  })
  .openapi("KeptObjects", {
    example: {
      objects: [
        {
          ...{ id: exampleId("parked/"), reason: "database_away", error: "", messages: 50, items: 4_100 },
          kinds: ["location", "run"],
          from: "2026-01-15T08:30:00.000Z",
          to: "2026-01-15T08:30:08.000Z",
          keptAt: "2026-01-15T08:30:12.512Z",
          bytes: 91_204,
        },
      ],
      next: null,
    },
  });

/** `GET /v1/parked` and `GET /v1/dead-letters`. */
export function keptObjects(api: OpenAPIHono<ApiEnv>): void {
  for (const [path, { folder, summary }] of Object.entries(KEPT_DOORS)) {
    const query = z.object({ ...keptFilters, limit: pageLimit, after: keptPlace(folder).optional() });
    const route = createRoute({
      method: "get",
      path,
      summary,
      security: [{ key: [] }],
      request: { query },
      responses: {
        200: { description: "A page, oldest first", content: { "application/json": { schema: page } } },
        ...problemAnswers,
      },
    });
    api.openapi(route, async (c) => {
      const { limit, after, ...filter } = c.req.valid("query");
      refuseBackwards(filter);
      const found = await selectKept(c.env, folder, filter, {
        limit,
        after: after === undefined ? undefined : requireKey("after", after, folder),
      });
      const objects = found.objects.map(({ key, ids: _, kinds, from, to, keptAt, ...facts }) => ({
        ...facts,
        id: objectId(key),
        kinds: kinds.split(",").filter(Boolean),
        from: from || null,
        to: to || null,
        keptAt: keptAt.toISOString(),
      }));
      const next = found.after === null ? null : objectId(found.after);
      return c.json({ objects, next }, 200, { "cache-control": "no-store" });
    });
  }
}
