import { z } from "@hono/zod-openapi";
import { exampleVehicle, nextPage } from "../schemas.ts";

const text = z.string().nullable();
const number = z.number().nullable();
const flag = z.boolean().nullable();
const undated = z.boolean().openapi({ description: "It had no readable time: `at` is when it came" });

/** What each kind of reading tells. */
export const VALUES = {
  obd: z.object({
    undated,
    engineRpm: number,
    speedKmh: number.openapi({ description: "Of the vehicle's own bus" }),
    fuelLevel: number.openapi({ description: "As sent: percent or litres" }),
    coolantC: number,
    batteryVoltageV: number,
    odometer: number.openapi({ description: "As sent: its unit is documented nowhere, km by poll" }),
    vin: text,
    source: z.enum(["push", "poll"]),
  }),
  fuel: z.object({
    undated,
    value: number.openapi({ description: "As sent" }),
    unit: text.openapi({ description: "The vendor's code" }),
    sensor: text,
  }),
  temperature: z.object({ undated, temperatureC: number, humidityPercent: number, sensor: text }),
  lbs: z
    .object({
      postType: text.openapi({ description: "LBS or WIFI" }),
      mcc: number.openapi({ description: "Mobile country" }),
      mnc: number.openapi({ description: "Mobile network" }),
      cells: text.openapi({ description: "As sent: lac,ci,rssi, separated by semicolons" }),
    })
    .openapi({ description: "What a device without a fix could hear" }),
  heartbeats: z.object({
    batteryPercent: number,
    gsmPercent: number,
    ignition: flag,
    relayCut: flag.openapi({ description: "Fuel and power are cut" }),
    hasFix: flag,
    remoteLock: flag,
    charging: flag,
    armed: flag,
    temperatureC: number,
    voltageV: number.openapi({ description: "As sent" }),
  }),
};

const page = <Kind extends keyof typeof VALUES>(kind: Kind) =>
  z.object({
    kind: z.literal(kind),
    readings: z.array(
      z.object({
        at: z.iso.datetime(),
        imei: z.string(),
        name: text,
        plate: text,
        driver: text.openapi({ description: "Who drove at the time" }),
        account: text,
        values: VALUES[kind],
      }),
    ),
    next: nextPage,
  });

const { imei, name, plate, driver, account } = exampleVehicle;

export const readingPage = z
  .union([page("obd"), page("fuel"), page("temperature"), page("lbs"), page("heartbeats")])
  .openapi("Readings", {
    example: {
      kind: "temperature",
      readings: [
        {
          ...{ at: "2026-01-15T08:30:00Z", imei, name, plate, driver, account },
          values: { undated: false, temperatureC: 4.5, humidityPercent: 61, sensor: "1" },
        },
      ],
      next: null,
    },
  });
