import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { jimiSession } from "../../durable-objects/jimi-session/index.ts";
import { vendorConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { newId } from "../../shared/ids.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { parseLocationItem } from "../../shared/jimi/location-item.ts";
import { type BatchOutcome, getLocations } from "../../shared/jimi/methods.ts";
import { nowMs, toIso, within } from "../../shared/time.ts";
import { vendorClient } from "../polls/vendor-client.ts";
import { sendPolled } from "../queue/send.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { exampleReceipt, imeiParameter, notFoundAnswer, problemAnswers, problemsOf } from "./schemas.ts";
import { askerOf, select } from "./select.ts";

/** A caller, and what stands between, waits for an answer about half a minute. */
const PATIENCE_MS = 20_000;

/** Where the vendor did not say until when it limits us. */
const RETRY_AFTER_S = 30;

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
    ...problemsOf("database_unavailable", "vendor_unavailable"),
  },
});

/** `POST /v1/vehicles/{imei}/refresh`, for keys with the scope `admin`. */
export function refresh(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const known = await select(askerOf(c), "select from tracksolid.devices where imei = $1", [imei]);
    if (known.length === 0) throw new ApiProblem("not_found", `No device has the IMEI ${imei}.`);

    const { items, illegal } = await askVendor(c, imei);
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

async function askVendor(c: ApiContext, imei: string): Promise<BatchOutcome> {
  const client = vendorClient(c.env, vendorConfig(c.env), nowMs() + PATIENCE_MS);
  const answer = await within(getLocations(client, [imei]), PATIENCE_MS);
  client.outcomes.note(c.env);
  if (answer?.ok) return answer.value;
  throw await problemOf(c.env, answer?.failure ?? { kind: "unreachable", message: "did not answer in time" });
}

/** The vendor's own words stay in the log. */
async function problemOf(env: Env, failure: JimiFailure): Promise<ApiProblem> {
  const cause = new Error(failure.message);
  switch (failure.kind) {
    case "credentials":
      return new ApiProblem(
        "misconfigured",
        "The log of this deployment says what Tracksolid refuses.",
        {},
        cause,
      );
    case "rejected":
      return new ApiProblem("internal", "Tracksolid refuses the request; the log says why.", {}, cause);
    case "unreachable":
    case "unreadable":
    case "busy":
    case "token":
    case "too_frequent":
    case "quota":
    case "ip_limited":
    case "illegal_device":
    case "business":
    case "unshared":
    case "postponed": {
      const waitS = await limitedForS(env);
      const detail = `Tracksolid is away, busy or limits our calls: try again in ${waitS} s.`;
      return new ApiProblem("vendor_unavailable", detail, { "retry-after": String(waitS) }, cause);
    }
  }
}

/** Until the session lets the method be called again. */
async function limitedForS(env: Env): Promise<number> {
  const { closed } = await jimiSession(env).status();
  const untilMs = closed
    .filter(({ method }) => method === METHOD || method === "*")
    .map(({ until }) => until);
  return untilMs.length === 0
    ? RETRY_AFTER_S
    : Math.max(1, Math.ceil((Math.max(...untilMs) - nowMs()) / 1000));
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
