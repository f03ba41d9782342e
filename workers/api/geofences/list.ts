import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectGeofences from "#sql/workers/api/geofences/geofences.sql";
import { answerUnlessCurrent } from "../conditional.ts";
import type { ApiEnv } from "../context.ts";
import { anyOf, contains, jsonList, LIST_HINT, likePattern, pageLimit, plainText } from "../filters.ts";
import { bboxQuery } from "../live-filter.ts";
import { PAGE_TYPES, pageBody, selectPage } from "../pages.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { problemAnswers } from "../schemas.ts";
import { askerOf } from "../select.ts";
import { geofenceCollection, geofenceList } from "./schemas.ts";

/** Of geometries as they are stored; as text they are two to four times as much. */
const MOST_PAGE_BYTES = 1_000_000;

const place = z.tuple([
  z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
]);

const query = z.object({
  kind: anyOf(plainText).openapi({ description: LIST_HINT, example: "city zone,depot" }),
  q: contains.openapi({ description: "Part of the name", example: "West" }),
  bbox: bboxQuery,
  enabled: z
    .enum(["true", "all"])
    .default("true")
    .openapi({ description: "`all` adds those that are disabled", example: "all" }),
  format: z
    .enum(["json", "geojson"])
    .default("json")
    .openapi({ description: "`geojson`: a FeatureCollection, for maps", example: "json" }),
  limit: pageLimit,
  after: afterParameter([1], 40),
});

const route = createRoute({
  method: "get",
  path: "/v1/geofences",
  summary: "Geofences, a page at a time",
  description:
    "A page with large polygons ends early: go on while there is a `next`. Ask again with `If-None-Match`: 304 while nothing changed.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page in the order of their numbers",
      content: {
        "application/json": { schema: geofenceList },
        "application/geo+json": { schema: geofenceCollection },
      },
    },
    304: { description: "Your copy still stands" },
    ...problemAnswers,
  },
});

/** `GET /v1/geofences`. */
export function listGeofences(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { kind, q, bbox, enabled, format, limit, after } = c.req.valid("query");
    const [last] = after === undefined ? [0] : readPlaceWord(place, "after", after);
    const page = await selectPage(askerOf(c), selectGeofences, [
      ...[last, limit, format === "geojson", null, jsonList(kind), likePattern(q), enabled === "all"],
      bbox === undefined ? null : JSON.stringify(bbox),
      MOST_PAGE_BYTES,
    ]);
    const body = pageBody(page, "geofences", format);
    return answerUnlessCurrent(c, body, PAGE_TYPES[format], "private, no-cache") as never;
  });
}
