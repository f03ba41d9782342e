import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectVehicle from "#sql/workers/api/vehicle.sql";
import { ApiProblem } from "../../shared/errors.ts";
import { STATUSES } from "../../shared/live/status.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { exampleVehicle, imeiParameter, notFoundAnswer, problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { answerUnkept } from "./unkept.ts";

const text = z.string().nullable();
const number = z.number().nullable();
const flag = z.boolean().nullable();
const instant = z.iso.datetime().nullable();

const vehicleDetail = z
  .object({
    imei: z.string(),
    name: text,
    plate: text,
    driver: text,
    driverPhone: text,
    driverSince: instant.openapi({ description: "When the vendor first named this driver after another" }),
    account: text,
    city: text,
    segment: text,
    vehicleType: text,
    model: text,
    vehicleName: text,
    vehicleBrand: text,
    vehicleModel: text,
    vin: text,
    group: text,
    sim: text,
    enabled: z.boolean(),
    hiddenOnMap: z.boolean(),
    activatedAt: instant,
    expiresAt: instant,
    status: z
      .enum(STATUSES)
      .nullable()
      .openapi({ description: "As in /v1/live; null for one that is not shown there" }),
    position: z
      .object({
        lat: z.number(),
        lng: z.number(),
        speedKmh: number,
        headingDeg: number,
        satellites: number,
        posType: text,
        odometerKm: number,
        fixAt: z.iso.datetime(),
        receivedAt: z.iso.datetime(),
      })
      .nullable(),
    contact: z
      .object({
        contactAt: z.iso.datetime(),
        online: flag,
        ignition: flag,
        gsmLevel: number.openapi({ description: "0 none to 4 very strong" }),
        batteryPercent: number,
        batteryVoltageV: number,
        externalVoltageV: number,
        temperatureC: number,
        fuelSensor: text.openapi({ description: "As sent, may carry a unit" }),
      })
      .nullable(),
  })
  .openapi("Vehicle", {
    example: {
      ...exampleVehicle,
      driverPhone: "+254700000001",
      driverSince: "2026-01-12T07:02:10Z",
      vehicleName: "Van 12",
      vehicleBrand: "Toyota",
      vehicleModel: "HiAce",
      vin: "JTFSX22P500000001",
      group: "Default group",
      sim: "8925400000000000001",
      enabled: true,
      hiddenOnMap: false,
      activatedAt: "2026-01-02T06:00:00Z",
      expiresAt: "2027-01-15T00:00:00Z",
      status: "moving",
      position: {
        lat: -1.2864,
        lng: 36.8172,
        speedKmh: 42,
        headingDeg: 270,
        satellites: 11,
        posType: "GPS",
        odometerKm: 48211.4,
        fixAt: "2026-01-15T08:30:00Z",
        receivedAt: "2026-01-15T08:30:08Z",
      },
      contact: {
        contactAt: "2026-01-15T08:30:05Z",
        online: true,
        ignition: true,
        gsmLevel: 4,
        batteryPercent: 100,
        batteryVoltageV: 4.1,
        externalVoltageV: 13.8,
        temperatureC: null,
        fuelSensor: null,
      },
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/vehicles/{imei}",
  summary: "One vehicle: registry, newest position, newest contact",
  security: [{ key: [] }],
  request: { params: z.object({ imei: imeiParameter }) },
  responses: {
    200: { description: "The vehicle", content: { "application/json": { schema: vehicleDetail } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/vehicles/{imei}`. */
export function vehicle(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const body = await selectBody(askerOf(c), selectVehicle, [
      imei,
      toIso(nowMs()),
      settings.silentAfterS,
      settings.staleAfterS,
    ]);
    if (body === null) throw new ApiProblem("not_found", `No device has the IMEI ${imei}.`);
    return answerUnkept(body) as never;
  });
}
