import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectChanges from "#sql/workers/api/changes.sql";
import { ApiProblem } from "../../shared/errors.ts";
import type { ApiEnv } from "./context.ts";
import { readDecimal } from "./filters.ts";
import { problemAnswers, problemsOf } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { answerUnkept } from "./unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const { driver: _, ...filterQuery } = vehicleFilterQuery;

const query = z.object({
  fromVersion: z.string().default("0").transform(readDecimal).pipe(z.int().min(0)).openapi({
    type: "integer",
    minimum: 0,
    default: 0,
    description: "`toVersion` of the answer before; 0 begins with all there is",
    example: 0,
  }),
  ...filterQuery,
  limit: z
    .string()
    .default("100")
    .transform(readDecimal)
    .pipe(z.int().min(1).max(500))
    .openapi({
      ...{ type: "integer", minimum: 1, maximum: 500, default: 100, example: 50 },
      description: "Days of vehicles; an answer has more where many changed at once",
    }),
});

const text = z.string().nullable();
const number = z.number().nullable();
const count = z.int();
const instant = z.iso.datetime();

const changeList = z
  .object({
    changes: z.array(
      z.object({
        imei: z.string(),
        day: z.iso.date().openapi({ description: "Day in the fleet's zone" }),
        version: count,
        summary: z
          .object({
            distanceKm: number,
            distanceSource: z.enum(["odometer", "vendor", "gps"]).nullable(),
            movingS: count,
            idlingS: count,
            parkedS: count,
            unknownS: count,
            trips: count,
            alarms: count,
            fixes: count,
            maxSpeedKmh: number,
            firstMovingAt: instant.nullable(),
            lastMovingAt: instant.nullable(),
            fuelL: number,
          })
          .nullable()
          .openapi({ description: "Null where nothing is known of the day" }),
        trips: z
          .array(
            z.object({
              startAt: instant,
              endAt: instant,
              driver: text,
              distanceKm: number,
              drivingS: number,
              idleS: number,
              maxSpeedKmh: number,
              startLat: number,
              startLng: number,
              startAddress: text,
              endLat: number,
              endLng: number,
              endAddress: text,
              fuelL: number,
            }),
          )
          .openapi({ description: "That began on the day, as all below" }),
        stays: z.array(
          z.object({
            startAt: instant,
            endAt: instant.nullable(),
            acc: z.enum(["off", "on"]).openapi({ description: "off: parked, on: idling" }),
            durationS: number,
            lat: number,
            lng: number,
            address: text,
          }),
        ),
        alarms: z.array(
          z.object({
            at: instant,
            endedAt: instant.nullable(),
            code: z.string(),
            name: text,
            fenceId: text,
            lat: number,
            lng: number,
            speedKmh: number,
          }),
        ),
        visits: z.array(
          z.object({
            geofenceId: count,
            geofence: z.string(),
            enteredAt: instant,
            leftAt: instant.nullable(),
            insideS: count,
          }),
        ),
      }),
    ),
    toVersion: count.openapi({ description: "Send it as `fromVersion` the next time" }),
    more: z.boolean().openapi({ description: "Ask again at once" }),
  })
  .openapi("ChangeList", {
    example: {
      changes: [
        {
          ...{ imei: "860000000000001", day: "2026-01-15", version: 1_768_465_800_000 },
          summary: {
            ...{
              distanceKm: 64.2,
              distanceSource: "odometer",
              movingS: 7_300,
              idlingS: 900,
              parkedS: 60_000,
            },
            ...{ unknownS: 18_200, trips: 1, alarms: 0, fixes: 730, maxSpeedKmh: 82, fuelL: null },
            ...{ firstMovingAt: "2026-01-15T05:02:10Z", lastMovingAt: "2026-01-15T08:29:50Z" },
          },
          trips: [
            {
              ...{ startAt: "2026-01-15T05:02:10Z", endAt: "2026-01-15T05:41:00Z", driver: "Wanjiku Kamau" },
              ...{ distanceKm: 21.4, drivingS: 2_200, idleS: 130, maxSpeedKmh: 82, fuelL: null },
              ...{ startLat: -1.2921, startLng: 36.8219, startAddress: "Kenyatta Avenue, Nairobi" },
              ...{ endLat: -1.3194, endLng: 36.9278, endAddress: null },
            },
          ],
          ...{ stays: [], alarms: [], visits: [] },
        },
      ],
      ...{ toVersion: 1_768_465_800_000, more: false },
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/changes",
  summary: "What changed since a version, for who keeps a copy",
  description:
    "Whatever comes late, is corrected or taken back changes a day of a vehicle. Each entry is all there is of that day now, its trips, stays, alarms and visits: put it in the place of what you have. Keep `toVersion` once you have stored the answer, and ask with it again, at once while `more` is true. Where nothing changed the answer is empty. Filters are of vehicles as they are now: who changes them begins at 0. Positions are in `/v1/vehicles/{imei}/track`.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "Days that changed, oldest change first",
      content: { "application/json": { schema: changeList } },
    },
    ...problemAnswers,
    ...problemsOf("version_unknown"),
  },
});

/** `GET /v1/changes`. */
export function changes(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { fromVersion, limit, ...filter } = c.req.valid("query");
    const { vehicles } = vehicleFilter(filter);
    const body = await selectBody(askerOf(c), selectChanges, [fromVersion, limit, vehicles]);
    if (body === null) {
      throw new ApiProblem("version_unknown", "fromVersion: is newer than all that is known here.");
    }
    return answerUnkept(body) as never;
  });
}
