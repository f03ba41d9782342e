import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectRegistry from "#sql/workers/api/vendor/registry.sql";
import { vendorConfig } from "../../../shared/config.ts";
import type { JimiClient } from "../../../shared/jimi/client.ts";
import { parseListedDevice } from "../../../shared/jimi/device-item.ts";
import { listDevices } from "../../../shared/jimi/methods.ts";
import type { JimiResult } from "../../../shared/jimi/request.ts";
import { readText } from "../../../shared/jimi/values.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { exampleVehicle, problemAnswers, problemsOf } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { askVendor, PATIENCE_MS } from "./ask.ts";
import { exampleSaid, saidIn, saidOfDevice } from "./schemas.ts";

const METHOD = "jimi.user.device.list";

/** As the job asks: a 1006 meets few calls under way. */
const LANES = 3;

const text = z.string().nullable();

const registered = z.object({
  enabled: z.boolean(),
  account: text,
  ...saidOfDevice,
  ownPlate: z.boolean().openapi({ description: "Whether the company names the plate itself" }),
  ownDriver: z.boolean().openapi({ description: "Whether the company names the driver itself" }),
});

const vendorDeviceList = z
  .object({
    askedAt: z.iso.datetime(),
    accounts: z.array(z.object({ account: z.string(), devices: z.int() })),
    devices: z.array(
      z.object({
        imei: z.string(),
        listed: z
          .array(z.object({ account: z.string(), ...saidOfDevice }))
          .openapi({ description: "Once for each time that an account lists it. null says nothing" }),
        registry: registered
          .nullable()
          .openapi({ description: "The vehicle as the database has it; null where it does not" }),
      }),
    ),
    unreadable: z
      .array(z.object({ account: z.string(), imei: text, name: text }))
      .openapi({ description: "Items of the lists that name no device" }),
  })
  .openapi("VendorDevices", {
    example: {
      askedAt: "2026-01-15T08:30:00.000Z",
      accounts: [{ account: exampleVehicle.account, devices: 1 }],
      devices: [
        {
          imei: exampleVehicle.imei,
          listed: [{ account: exampleVehicle.account, ...exampleSaid, driver: null, driverPhone: null }],
          registry: {
            ...{ enabled: true, account: exampleVehicle.account, ...exampleSaid },
            ...{ ownPlate: false, ownDriver: false },
          },
        },
      ],
      unreadable: [{ account: exampleVehicle.account, imei: "8.6E+14", name: "KDB 456B" }],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/vendor/devices",
  summary: "What Tracksolid lists now, beside the registry",
  description: `Every device that an account that is polled lists, or the registry has, in the order of IMEIs. The lists leave out drivers, and much else: /v1/vendor/devices/{imei} tells it. Asks an account after the other at the vendor's pace, and waits at most ${PATIENCE_MS / 1000} s. \`npm run audit-drivers\` compares.`,
  security: [{ key: [] }],
  responses: {
    200: { description: "Both", content: { "application/json": { schema: vendorDeviceList } } },
    ...problemAnswers,
    ...problemsOf("sign_in_unavailable", "database_unavailable", "vendor_unavailable"),
  },
});

type Answer = z.output<typeof vendorDeviceList>;

/** `GET /v1/vendor/devices`, for keys with the scope `admin`. */
export function vendorDevices(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { TRACKSOLID_TARGETS: targets } = vendorConfig(c.env);
    const registry = await select<z.output<typeof registered> & { imei: string }>(askerOf(c), selectRegistry);
    const lists = await askVendor(c.env, METHOD, (client) => listAll(client, targets));
    const devices = new Map<string, Answer["devices"][number]>(
      registry.map(({ imei, ...row }) => [imei, { imei, listed: [], registry: row }]),
    );
    const unreadable: Answer["unreadable"] = [];
    const receivedMs = nowMs();
    for (const { account, items } of lists) {
      for (const item of items) {
        const fields = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : {};
        const { device: facts } = parseListedDevice(fields, { account, path: null, receivedMs });
        if (facts === undefined) {
          unreadable.push({ account, imei: readText(fields.imei), name: readText(fields.deviceName) });
          continue;
        }
        const device = devices.get(facts.imei) ?? { imei: facts.imei, listed: [], registry: null };
        device.listed.push({ account, ...saidIn(facts) });
        devices.set(facts.imei, device);
      }
    }
    const answer: Answer = {
      askedAt: toIso(receivedMs),
      accounts: lists.map(({ account, items }) => ({ account, devices: items.length })),
      devices: [...devices.values()].sort((a, b) => (a.imei < b.imei ? -1 : 1)),
      unreadable,
    };
    return c.json(answer, 200, { "cache-control": "no-store" });
  });
}

/** The lists of all accounts, or what kept the first from being told. */
async function listAll(
  client: JimiClient,
  accounts: string[],
): Promise<JimiResult<{ account: string; items: unknown[] }[]>> {
  const lists: { account: string; items: unknown[] }[] = accounts.map((account) => ({ account, items: [] }));
  let failed: Extract<JimiResult<never>, { ok: false }> | undefined;
  const waiting = lists.values();
  const lane = async () => {
    for (const list of waiting) {
      const answer = await listDevices(client, list.account);
      if (answer.ok) list.items = answer.value;
      else failed ??= answer;
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failed ?? { ok: true, value: lists };
}
