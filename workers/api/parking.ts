import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectStays from "#sql/workers/api/parking.sql";
import type { ApiEnv } from "./context.ts";
import { csvFile } from "./csv.ts";
import { pageLimit, readDecimal } from "./filters.ts";
import { answerList, CSV_HINT, type FactList } from "./lists.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { afterParameter } from "./place-word.ts";
import { REVISED_SPAN_HINT } from "./revised-span.ts";
import { exampleVehicle, nextPage, problemAnswers } from "./schemas.ts";
import { selectBody } from "./select.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const LONGEST_DAYS = 92;

/** A vehicle may stand for years. */
const MOST_DURATION_S = 2 ** 31 - 1;

const PLACE = ["at", "imei", "acc"] as const;

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  acc: z
    .enum(["off", "on"])
    .optional()
    .openapi({ description: "Ignition: `off` parked, `on` idling. Absent: both", example: "off" }),
  min_duration_s: z
    .string()
    .transform(readDecimal)
    .pipe(z.int().min(0).max(MOST_DURATION_S))
    .optional()
    .openapi({
      type: "integer",
      minimum: 0,
      maximum: MOST_DURATION_S,
      description: "At least so long, so far where it goes on",
      example: 300,
    }),
  format: z.enum(["json", "csv"]).default("json").openapi({ description: CSV_HINT, example: "json" }),
  limit: pageLimit,
  after: afterParameter(["2026-01-15T08:30:20.000000Z", exampleVehicle.imei, "off"]),
});

const text = z.string().nullable();
const number = z.number().nullable();

const stay = z.object({
  imei: z.string(),
  name: text,
  plate: text,
  driver: text.openapi({ description: "Who drove when it began" }),
  account: text,
  acc: z.enum(["off", "on"]).openapi({ description: "Ignition" }),
  startAt: z.iso.datetime(),
  endAt: z.iso.datetime().nullable().openapi({ description: "Null while the vehicle still stands there" }),
  durationS: number.openapi({ description: "So far, while it has no end" }),
  knownUntil: z.iso.datetime().openapi({ description: "Up to when the newest report says how it stands" }),
  lat: number,
  lng: number,
  address: text,
});

const { imei, name, plate, driver, account } = exampleVehicle;

const exampleStay = {
  ...{ imei, name, plate, driver, account, acc: "off" as const },
  ...{ startAt: "2026-01-15T08:30:20Z", endAt: "2026-01-15T08:52:20Z", durationS: 1_320 },
  ...{ knownUntil: "2026-01-15T08:52:20Z", lat: -1.2871, lng: 36.8191, address: "Kenyatta Avenue, Nairobi" },
} satisfies z.input<typeof stay>;

const columns = Object.keys(stay.shape) as (keyof typeof exampleStay)[];

const stays = z
  .object({ stays: z.array(stay), next: nextPage })
  .openapi("Stays", { example: { stays: [exampleStay], next: null } });

const route = createRoute({
  method: "get",
  path: "/v1/parking",
  summary: "Where vehicles stood, as the vendor reports it, newest first",
  description: `Stays that began in a span of at most ${LONGEST_DAYS} days. ${REVISED_SPAN_HINT}`,
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page, or a file",
      content: {
        "application/json": { schema: stays },
        "text/csv": {
          schema: z.string(),
          example: csvFile(columns, [exampleStay]),
        },
      },
    },
    304: { description: "Your copy is current" },
    ...problemAnswers,
  },
});

/** `GET /v1/parking`. */
export function parking(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const { acc = null, min_duration_s: leastS = null } = asked;
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const { vehicles, drivers } = vehicleFilter(asked);
    const list: FactList = {
      ...{ rows: "stays", place: PLACE, columns },
      read: (asker, after, most) =>
        selectBody(asker, selectStays, [from, to, vehicles, drivers, after, most, acc, leastS]),
    };
    return answerList(c, list, asked, { from, to }) as never;
  });
}
