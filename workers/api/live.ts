import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { liveMap } from "../../durable-objects/live-map/index.ts";
import { serviceConfig } from "../../shared/config.ts";
import { type Encoding, isEmpty, type LiveAnswer, type LiveQuery } from "../../shared/live/query.ts";
import { acceptedEncodings } from "./accepted-encodings.ts";
import { knownTags } from "./conditional.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { answerFromCopy } from "./live-copies.ts";
import { bboxQuery, liveFilter, liveFilterQuery } from "./live-filter.ts";
import { askLiveMap, liveMapProblems } from "./live-map.ts";
import { featureCollection, liveColumns } from "./live-schemas.ts";

/** A copy may be as old as this share of the time between two looks at the database: a second. */
const COPY_SHARE = 0.1;

const query = liveFilterQuery.extend({
  bbox: bboxQuery,
  format: z.enum(["geojson", "columns"]).default("geojson").openapi({
    description: "`columns`: the moving half alone, column by column, a quarter of the bytes",
    example: "geojson",
  }),
  registry: z
    .enum(["true", "false"])
    .default("false")
    .openapi({ description: "With `format=columns`: names, plates, drivers … as well", example: "false" }),
});

const route = createRoute({
  method: "get",
  path: "/v1/live",
  summary: "Current position of every vehicle",
  description:
    "Served from memory, also while the database is away (`behindSince`). Ask again with `If-None-Match`: 304 while nothing changed. The stream `/v1/live/stream` is cheaper and faster.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "The vehicles, in the order of their IMEIs",
      content: {
        "application/geo+json": { schema: featureCollection },
        "application/json": { schema: liveColumns },
      },
    },
    304: { description: "Your version still stands" },
    ...liveMapProblems,
  },
});

/** `GET /v1/live`: answered by the live map, in whatever encoding the caller takes. */
export function live(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { bbox, format, registry, ...filter } = c.req.valid("query");
    const encoding = bestEncoding(c);
    const asked: LiveQuery = {
      form: format,
      registry: registry === "true",
      filter: { ...liveFilter(filter), bbox },
      known: knownTags(c.req.header("if-none-match")),
      encoding,
    };
    const ask = async (query: LiveQuery): Promise<LiveAnswer | null> => liveMap(c.env).read(query);
    const copyMs = COPY_SHARE * serviceConfig(c.env).LIVE_RECONCILE_EVERY_S * 1000;
    const answer = await askLiveMap(() =>
      isEmpty(asked.filter) ? answerFromCopy(asked, copyMs, ask) : ask(asked),
    );
    const headers = {
      etag: `W/"${answer.version}"`,
      "cache-control": "private, no-cache",
      vary: "Accept-Encoding",
    };
    if (answer.kind === "unchanged") return new Response(null, { status: 304, headers }) as never;
    return new Response(answer.body, {
      headers: {
        ...headers,
        "content-type": format === "geojson" ? "application/geo+json" : "application/json",
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      },
      // Compressed already, once for all who ask.
      encodeBody: encoding === "identity" ? "automatic" : "manual",
    }) as never;
  });
}

function bestEncoding(c: ApiContext): Encoding {
  const accepted = acceptedEncodings(c);
  return accepted.includes("br") ? "br" : accepted.includes("gzip") ? "gzip" : "identity";
}
