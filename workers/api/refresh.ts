import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { newId } from "../../shared/ids.ts";
import { parseLocationItem } from "../../shared/jimi/location-item.ts";
import { getLocations } from "../../shared/jimi/methods.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { sendPolled } from "../queue/send.ts";
import type { ApiEnv } from "./context.ts";
import { exampleReceipt, imeiParameter, notFoundAnswer, problemAnswers, problemsOf } from "./schemas.ts";
import { askerOf, select } from "./select.ts";
import { askVendor, PATIENCE_MS } from "./vendor/ask.ts";

const METHOD = "jimi.device.location.get";

const EXAMPLE_IMEI = "860000000000009";

const flag = z.boolean().nullable();

const refreshed = z
  .object({
    imei: z.string(),
    receipt: z
      .string()
      .nullable()
      .openapi({ description: "What became of it: /v1/receipts/{id}; null where the vendor has nothing" }),
    position: z
      .object({
        lat: z.number(),
        lng: z.number(),
        speedKmh: z.number().nullable(),
        headingDeg: z.number().nullable().openapi({ description: "Degrees from north" }),
        fixAt: z.iso.datetime(),
        contactAt: z.iso.datetime().nullable(),
        ignition: flag,
        online: flag,
      })
      .nullable()
      .openapi({ description: "null where the device has no fix, or one that cannot be believed" }),
  })
  .openapi("RefreshedVehicle", {
    example: {
      imei: EXAMPLE_IMEI,
      receipt: exampleReceipt,
      position: {
        ...{ lat: -1.2864, lng: 36.8172, speedKmh: 42, headingDeg: 270 },
        fixAt: "2026-01-15T08:30:00.000Z",
        contactAt: "2026-01-15T08:30:05.000Z",
        ...{ ignition: true, online: true },
      },
    },
  });

const route = createRoute({
  method: "post",
  path: "/v1/vehicles/{imei}/refresh",
  summary: "Asks Tracksolid for the position of one vehicle now",
  description: `Waits at most ${PATIENCE_MS / 1000} s. What comes is written as a poll's is, and shows on the map a moment later.`,
  security: [{ key: [] }],
  request: { params: z.object({ imei: imeiParameter.openapi({ example: EXAMPLE_IMEI }) }) },
  responses: {
    200: { description: "What Tracksolid says", content: { "application/json": { schema: refreshed } } },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("sign_in_unavailable", "database_unavailable", "vendor_unavailable"),
  },
});

/** `POST /v1/vehicles/{imei}/refresh`, for keys with the scope `admin`. */
export function refresh(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const known = await select(askerOf(c), "select from tracksolid.devices where imei = $1", [imei]);
    if (known.length === 0) throw new ApiProblem("not_found", `No device has the IMEI ${imei}.`);

    const { items, illegal } = await askVendor(c.env, METHOD, (client) => getLocations(client, [imei]));
    if (illegal.length > 0) {
      throw new ApiProblem("not_found", `Tracksolid does not let us see the device ${imei}.`);
    }
    const receivedMs = nowMs();
    const receipt = items.length > 0 ? newId() : null;
    if (receipt !== null) {
      const origin = { receipt, kind: "location", account: null, receivedAt: toIso(receivedMs) } as const;
      await sendPolled(c.env, origin, items);
    }
    return c.json({ imei, receipt, position: positionOf(items, imei, receivedMs) }, 200, {
      "cache-control": "no-store",
    });
  });
}

function positionOf(
  items: unknown[],
  imei: string,
  receivedMs: number,
): z.output<typeof refreshed>["position"] {
  for (const item of items) {
    if (typeof item !== "object" || item === null) continue;
    const parsed = parseLocationItem(item as Record<string, unknown>, {
      account: null,
      path: null,
      receivedMs,
    });
    const { fix, contact } = parsed;
    if (parsed.imei !== imei || fix === undefined || fix.clockAhead) continue;
    return {
      ...{
        lat: fix.lat,
        lng: fix.lng,
        speedKmh: fix.speedKmh,
        headingDeg: fix.headingDeg,
        fixAt: fix.gpsTime,
      },
      ...{ contactAt: contact?.contactAt ?? null, online: contact?.online ?? null },
      ignition: contact?.ignition ?? fix.ignition,
    };
  }
  return null;
}
