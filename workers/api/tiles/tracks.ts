import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectTile from "#sql/workers/api/tiles/tile.sql";
import { unpack } from "../../roads/packed.ts";
import { isCurrent, knownTags } from "../conditional.ts";
import type { ApiEnv } from "../context.ts";
import { notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { TILE_TYPE, tileAddresses } from "./address.ts";
import { cut, keptTile, type TileName } from "./cut.ts";
import { vectorTile } from "./vector-tile.ts";

/** Further out a fleet is a dot; further in maps enlarge what they have. */
const ZOOMS = { least: 4, most: 14 };

/** The job that lays roads runs so often; where there are none yet, the first shall not wait for it. */
const FRESH_S = 600;
const EMPTY_FRESH_S = 60;

const addresses = tileAddresses("/v1/tiles/tracks", ZOOMS);

/** The fleet's own roads as a style names them, and the zooms that they are drawn for. */
export const TRACK_TILES = { tiles: addresses.path, minZoom: ZOOMS.least, maxZoom: ZOOMS.most };

const route = createRoute({
  method: "get",
  path: addresses.path,
  summary: "The roads that the fleet drives, as a vector tile",
  description:
    "For maps that have no other base map. One layer, `tracks`, of lines; `lastDay` is the last day (YYYY-MM-DD, fleet's zone) on which a line was driven, up to a week early. New ways come within some ten minutes; what nobody drove for a year goes. It does not say who drove where; vehicles that are hidden on maps leave no line. Ask again with `If-None-Match`: 304 while nothing changed.",
  security: [{ key: [] }],
  request: { params: addresses.params },
  responses: {
    200: {
      description:
        "A tile of the extent 4096, by the vector tile specification 2.1; empty where nobody drove",
      content: { [TILE_TYPE]: { schema: z.string().openapi({ format: "binary", example: "" }) } },
    },
    304: { description: "Your copy is current" },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/tiles/tracks/{z}/{x}/{y}.mvt`: one row, cut to the tile. */
export function trackTiles(api: OpenAPIHono<ApiEnv>): void {
  api.openAPIRegistry.registerPath(route);
  api.get(addresses.routerPath, async (c) => {
    const tile: TileName = addresses.read(c);
    const kept = keptTile(tile);
    // Another deployment may cut in another way.
    const deployment = c.env.VERSION.id.slice(0, 8);
    const ifNoneMatch = c.req.header("if-none-match");
    const tags = knownTags(ifNoneMatch);
    const known = (tags === "any" ? [] : tags)
      .filter((tag) => tag.startsWith(`${deployment}.`))
      .map((tag) => tag.slice(deployment.length + 1));
    const [row] = await select<{ version: string; roads: Uint8Array | null }>(askerOf(c), selectTile, [
      ...[kept.level, kept.x, kept.y],
      JSON.stringify(known),
    ]);
    const etag = `W/"${deployment}.${row?.version ?? "none"}"`;
    const freshS = row === undefined ? EMPTY_FRESH_S : FRESH_S;
    const headers = { etag, "cache-control": `private, max-age=${freshS}` };
    if (isCurrent(ifNoneMatch, etag)) return new Response(null, { status: 304, headers });
    const lines = cut(unpack(row?.roads ?? new Uint8Array()), tile);
    return new Response(vectorTile(lines), { headers: { ...headers, "content-type": TILE_TYPE } });
  });
}
