import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { anyOf, contains, LIST_HINT, plainText, readDecimal } from "./filters.ts";
import selectLive from "./live.sql";
import { exampleProperties, liveProperties, problemAnswers, STATUSES } from "./schemas.ts";
import { selectBody } from "./select.ts";

const query = z.object({
  account: anyOf(plainText).openapi({ description: LIST_HINT, example: "fireside" }),
  city: anyOf(plainText).openapi({ description: LIST_HINT, example: "Nairobi,Mombasa" }),
  segment: anyOf(plainText).openapi({ description: LIST_HINT, example: "installation" }),
  vehicle_type: anyOf(plainText).openapi({ description: LIST_HINT, example: "van,pickup" }),
  status: anyOf(z.enum(STATUSES)).openapi({ description: LIST_HINT, example: "moving,idling" }),
  q: contains.openapi({ description: "Part of plate, name, driver or IMEI", example: "KDA" }),
  bbox: z
    .string()
    .transform((text, context) => {
      const box = text.split(",").map(readDecimal);
      const [west, south, east, north] = box as [number, number, number, number];
      const inside =
        Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(south) <= 90 && Math.abs(north) <= 90;
      if (box.length === 4 && inside && south <= north) return JSON.stringify(box);
      context.addIssue("must be west,south,east,north in degrees, e.g. 36.6,-1.5,37.1,-1.1");
      return z.NEVER;
    })
    .optional()
    .openapi({
      type: "string",
      description: "west,south,east,north in degrees",
      example: "36.6,-1.5,37.1,-1.1",
    }),
});

const featureCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    asOf: z.iso.datetime().openapi({ description: "The instant the statuses are about" }),
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        id: z.string(),
        geometry: z
          .object({ type: z.literal("Point"), coordinates: z.tuple([z.number(), z.number()]) })
          .nullable()
          .openapi({ description: "Longitude, latitude; null for a vehicle that never had a fix" }),
        properties: liveProperties,
      }),
    ),
  })
  .openapi("LiveFeatureCollection", {
    example: {
      type: "FeatureCollection",
      asOf: "2026-01-15T08:30:10Z",
      features: [
        {
          type: "Feature",
          id: exampleProperties.imei,
          geometry: { type: "Point", coordinates: [36.8172, -1.2864] },
          properties: exampleProperties,
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/live",
  summary: "Current position of every vehicle, as GeoJSON",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "One feature per vehicle",
      content: { "application/geo+json": { schema: featureCollection } },
    },
    ...problemAnswers,
  },
});

/** `GET /v1/live`: text built by Postgres and passed through. */
export function live(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { account, city, segment, vehicle_type, status, q, bbox } = c.req.valid("query");
    const body = await selectBody(c.env, selectLive, [
      toIso(nowMs()),
      settings.silentAfterS,
      settings.staleAfterS,
      account ?? null,
      city ?? null,
      segment ?? null,
      vehicle_type ?? null,
      status ?? null,
      q ?? null,
      bbox ?? null,
    ]);
    return c.body(body ?? "", 200, {
      "content-type": "application/geo+json",
      "cache-control": "no-store",
    }) as never;
  });
}
