import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { SCOPES } from "../../shared/access.ts";
import { isReader } from "../../shared/config.ts";
import { mapConfig } from "../../shared/map-config.ts";
import { toIso, within } from "../../shared/time.ts";
import { openMapFile } from "./base-map/file.ts";
import { BASE_TILES } from "./base-map/route.ts";
import type { ApiEnv, Caller } from "./context.ts";
import { fleetZone } from "./fleet-zone.ts";
import { problemsOf } from "./schemas.ts";
import { TRACK_TILES } from "./tiles/tracks.ts";

/** A page can show vehicles without what lies below them. */
const MAP_PATIENCE_MS = 2_000;

const zoom = z.int().min(0).max(26);

const session = z
  .object({
    caller: z.object({
      kind: z.enum(["anonymous", "pk", "sk", "person"]).openapi({
        description:
          "pk and sk: a key. person: came through Cloudflare Access. anonymous: reads are open here",
      }),
      id: z.string(),
      label: z
        .string()
        .nullable()
        .openapi({ description: "Whose key it is, as whoever made it wrote; not told of a publishable one" }),
      email: z.string().nullable().openapi({ description: "Of a person" }),
    }),
    scopes: z.array(z.enum(SCOPES)).openapi({
      description: "What the caller may do here; where `mode` is reader that is `read` at most",
    }),
    expiresAt: z.iso.datetime().nullable().openapi({ description: "When the key ends; null: not by itself" }),
    environment: z.string(),
    mode: z.enum(["owner", "reader"]).openapi({ description: "A reader changes nothing, whatever the key" }),
    version: z.string(),
    timeZone: z.string().nullable().openapi({
      description:
        "In which the fleet's days are counted, IANA name; null: the database does not answer, and has not since this was started. Ask again",
    }),
    map: z.object({
      styleUrl: z
        .string()
        .nullable()
        .openapi({ description: "Of a MapLibre style, where one is configured" }),
      base: z
        .object({
          tiles: z.string(),
          minZoom: zoom,
          maxZoom: zoom,
          bounds: z.array(z.number()).length(4).openapi({ description: "West, south, east, north" }),
          attribution: z.string().nullable().openapi({ description: "To be shown, as text" }),
          layers: z.array(z.string()).openapi({ description: "What its tiles hold" }),
        })
        .nullable()
        .openapi({ description: "The map in R2; null where none is configured, or it cannot be read now" }),
      tracks: z.object({ tiles: z.string(), minZoom: zoom, maxZoom: zoom }).openapi({
        description: "The roads that the fleet drove: a map where there is no other",
      }),
    }),
  })
  .openapi("Session", {
    example: {
      caller: { kind: "sk", id: "019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55", label: "Depot screen", email: null },
      scopes: ["read", "tickets:write"],
      expiresAt: "2027-01-15T08:30:00.000Z",
      environment: "production",
      mode: "owner",
      version: "5f1c0a3e-8f6e-4b59-9d43-0e9a1c7f2b10",
      timeZone: "Africa/Nairobi",
      map: {
        styleUrl: null,
        base: {
          ...{ tiles: BASE_TILES, minZoom: 0, maxZoom: 14, bounds: [28.8, -11.8, 41.9, 5.1] },
          attribution: "© OpenStreetMap contributors",
          layers: ["earth", "water", "roads", "places"],
        },
        tracks: TRACK_TILES,
      },
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/session",
  summary: "What a page has to know before it asks for anything else",
  description:
    "Who asks and what they may do, the fleet's time zone, what the map lies on: one round trip instead of several. Any key will do, whatever its scopes. Answers while the database is away.",
  security: [{ key: [] }],
  responses: {
    200: { description: "For whoever asks", content: { "application/json": { schema: session } } },
    ...problemsOf(
      "key_required",
      "key_unknown",
      "key_expired",
      "origin_not_allowed",
      "too_many_requests",
      "sign_in_unavailable",
    ),
  },
});

/** `GET /v1/session`. */
export function sessionOf(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const caller = c.get("caller");
    if (caller === undefined) throw new Error("A session was asked for without admission");
    const { ENVIRONMENT: environment, VERSION } = c.env;
    const mode = isReader(c.env) ? ("reader" as const) : ("owner" as const);
    const [timeZone, base] = await Promise.all([fleetZone(c), baseOf(c.env)]);
    return c.json(
      {
        ...describe(caller, mode),
        ...{ environment, mode, version: VERSION.id, timeZone },
        map: { styleUrl: mapConfig(c.env).styleUrl, base, tracks: TRACK_TILES },
      },
      200,
    );
  });
}

function describe(caller: Caller, mode: "owner" | "reader") {
  const { kind, id, email = null, expiresAtMs, scopes } = caller;
  // Everybody who visits a page has its key: what it was called is not for them.
  const label = kind === "pk" ? null : (caller.label ?? null);
  return {
    caller: { kind, id, label, email },
    scopes: scopes.filter((scope) => mode === "owner" || scope === "read"),
    expiresAt: expiresAtMs === null ? null : toIso(expiresAtMs),
  };
}

/** The map in R2. Why it cannot be read is in the log; the page does without. */
async function baseOf(env: Env) {
  const file = await within(
    openMapFile(env).catch(() => null),
    MAP_PATIENCE_MS,
  );
  if (!file) return null;
  const { minZoom, maxZoom, minLon, minLat, maxLon, maxLat } = file.header;
  const { attribution, layers } = file;
  return {
    tiles: BASE_TILES,
    minZoom,
    maxZoom,
    bounds: [minLon, minLat, maxLon, maxLat],
    attribution,
    layers,
  };
}
