import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import { acceptedEncodings } from "../accepted-encodings.ts";
import { isCurrent } from "../conditional.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import { problemsOf } from "../schemas.ts";
import { TILE_TYPE, tileAddresses } from "../tiles/address.ts";
import { openMapFile, readTile, type Tile } from "./file.ts";
import { UnreadableMap } from "./source.ts";
import { gunzipped } from "./unpack.ts";

/** A map is renewed every few weeks: a browser may show yesterday's, and then asks whether it still stands. */
const CACHING = "private, max-age=86400, stale-while-revalidate=604800";

/** The deepest that tiles are numbered here. The format knows 26, and no map of roads goes beyond 16. */
const MOST_ZOOM = 22;

const addresses = tileAddresses("/v1/tiles/base", { least: 0, most: MOST_ZOOM });

/** Where the tiles are, as a style names them. */
export const BASE_TILES = addresses.path;

const route = createRoute({
  method: "get",
  path: BASE_TILES,
  summary: "A tile of the map that this deployment brings along",
  description:
    "Out of the PMTiles file that `MAP_TILES` names, where one is configured; `/v1/session` says so, with its zooms and bounds. Which layers a tile has is the file's own.",
  security: [{ key: [] }],
  request: { params: addresses.params },
  responses: {
    200: {
      description: "The tile, a Mapbox Vector Tile (2.1)",
      content: { [TILE_TYPE]: { schema: z.string().openapi({ format: "binary", example: "" }) } },
    },
    204: { description: "The map has nothing there" },
    304: { description: "Your copy still stands" },
    ...problemsOf(
      "invalid_request",
      "key_required",
      "key_unknown",
      "key_expired",
      "origin_not_allowed",
      "scope_missing",
      "not_found",
      "too_many_requests",
      "sign_in_unavailable",
      "base_map_unavailable",
    ),
  },
});

/** `GET /v1/tiles/base/{z}/{x}/{y}.mvt`. */
export function baseTiles(api: OpenAPIHono<ApiEnv>): void {
  api.openAPIRegistry.registerPath(route);
  api.get(addresses.routerPath, async (c) => {
    const { z, x, y } = addresses.read(c);
    try {
      const file = await openMapFile(c.env);
      if (file === null) throw new ApiProblem("not_found", "No base map is configured (MAP_TILES).");
      // All tiles of a file stand as long as the file does.
      if (isCurrent(c.req.header("if-none-match"), `"${file.etag}"`)) {
        return c.body(null, 304, headersOf(file.etag));
      }
      const tile = await readTile(c.env, z, x, y);
      if (tile === null) return c.body(null, 204, { "cache-control": CACHING });
      return tileAnswer(c, tile);
    } catch (error) {
      if (!(error instanceof UnreadableMap)) throw error;
      throw new ApiProblem(
        "base_map_unavailable",
        "The file of the base map is missing or broken; the log says which and why. The fleet's own roads are at /v1/tiles/tracks.",
        { "retry-after": "30" },
        error,
      );
    }
  });
}

const headersOf = (etag: string) => ({
  etag: `W/"${etag}"`,
  "cache-control": CACHING,
  vary: "Accept-Encoding",
});

/** As it lies in the file where the caller unpacks it, which costs nothing here. */
function tileAnswer(c: ApiContext, { data, isGzip, etag }: Tile): Response {
  const headers = { ...headersOf(etag), "content-type": TILE_TYPE };
  if (!isGzip) return new Response(data, { headers });
  return acceptedEncodings(c).includes("gzip")
    ? new Response(data, { headers: { ...headers, "content-encoding": "gzip" }, encodeBody: "manual" })
    : new Response(gunzipped(data), { headers });
}
