import { z } from "@hono/zod-openapi";
import { PROBLEM_CODES } from "../../shared/errors.ts";
import { STATUSES } from "../../shared/live/status.ts";

export const imeiParameter = z
  .string()
  .regex(/^\d{14,17}$/, "must be 14 to 17 digits")
  .openapi({ param: { name: "imei", in: "path" }, example: "860000000000001" });

const instant = z.iso.datetime().nullable();

/** A vehicle as the map shows it. */
export const liveProperties = z
  .object({
    imei: z.string(),
    name: z.string().nullable().openapi({ description: "Device name, free text of the vendor" }),
    plate: z.string().nullable(),
    driver: z.string().nullable(),
    account: z.string().nullable(),
    city: z.string().nullable(),
    segment: z.string().nullable(),
    vehicleType: z.string().nullable(),
    model: z.string().nullable(),
    status: z.enum(STATUSES).openapi({
      description:
        "moving: over 3 km/h, fix at most 10 min old. idling: standing, ignition on, heard of within 10 min. parked: ignition off. silent: not heard of for 24 h. unknown: never a fix; or under way or with the ignition on when last seen, more than 10 min ago",
    }),
    online: z.boolean().nullable(),
    ignition: z.boolean().nullable(),
    speedKmh: z.number().nullable(),
    headingDeg: z.number().nullable().openapi({ description: "Degrees from north" }),
    fixAt: instant.openapi({ description: "Time of the position" }),
    contactAt: instant.openapi({ description: "Last heartbeat; a parked vehicle's is newer than its fix" }),
    satellites: z.number().nullable(),
    odometerKm: z.number().nullable(),
    batteryPercent: z.number().nullable(),
    externalVoltageV: z.number().nullable(),
  })
  .openapi("LiveProperties");

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES),
    detail: z.string(),
    requestId: z.string(),
  })
  .openapi("Problem");

/** The answers every route of `/v1` can give. */
export const problemAnswers = Object.fromEntries(
  [
    [400, "The request is not valid"],
    [401, "No key, or not a valid one"],
    [403, "The key may not do this"],
    [429, "The key is over its limit"],
    [503, "The database does not answer"],
  ].map(([status, description]) => [
    status,
    { description: String(description), content: { "application/problem+json": { schema: problem } } },
  ]),
);

export const tooManyAnswer = {
  429: { description: "Too many requests", content: { "application/problem+json": { schema: problem } } },
};

export const notFoundAnswer = {
  404: { description: "No such thing", content: { "application/problem+json": { schema: problem } } },
};
