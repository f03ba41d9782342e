import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import { parseDetailedDevice } from "../../../shared/jimi/device-item.ts";
import { getDetail, type JimiItems } from "../../../shared/jimi/methods.ts";
import { nowMs } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { exampleVehicle, imeiParameter, notFoundAnswer, problemAnswers, problemsOf } from "../schemas.ts";
import { askVendor, PATIENCE_MS } from "./ask.ts";
import { exampleSaid, saidIn, saidOfDevice } from "./schemas.ts";

const METHOD = "jimi.track.device.detail";

const EXAMPLE_IMEI = "860000000000009";

const vendorDeviceDetail = z
  .object({
    imei: z.string(),
    account: z.string().nullable().openapi({ description: "Whose it is" }),
    ...saidOfDevice,
  })
  .openapi("VendorDevice", {
    example: { imei: EXAMPLE_IMEI, account: exampleVehicle.account, ...exampleSaid },
  });

const route = createRoute({
  method: "get",
  path: "/v1/vendor/devices/{imei}",
  summary: "What Tracksolid says of one device now, its driver included",
  description: `Nothing is written. Waits at most ${PATIENCE_MS / 1000} s.`,
  security: [{ key: [] }],
  request: { params: z.object({ imei: imeiParameter.openapi({ example: EXAMPLE_IMEI }) }) },
  responses: {
    200: {
      description: "What it says; null where it says nothing",
      content: { "application/json": { schema: vendorDeviceDetail } },
    },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("sign_in_unavailable", "vendor_unavailable"),
  },
});

/** `GET /v1/vendor/devices/{imei}`, for keys with the scope `admin`. */
export function vendorDevice(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const items = await askVendor(c.env, METHOD, async (client) => orNothing(await getDetail(client, imei)));
    for (const item of items) {
      const arrival = { account: null, path: null, receivedMs: nowMs() };
      const { device } = parseDetailedDevice(item as Record<string, unknown>, arrival);
      if (device?.imei !== imei) continue;
      return c.json({ imei, account: device.account, ...saidIn(device) }, 200, {
        "cache-control": "no-store",
      });
    }
    throw new ApiProblem("not_found", `Tracksolid does not let us see the device ${imei}.`);
  });
}

const orNothing = (answer: JimiItems): JimiItems =>
  !answer.ok && answer.failure.kind === "illegal_device" ? { ok: true, value: [] } : answer;
