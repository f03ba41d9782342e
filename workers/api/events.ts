import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectEvents from "#sql/workers/api/events.sql";
import type { ApiEnv } from "./context.ts";
import { readCursor } from "./cursor.ts";
import { anyOf, jsonList, LIST_HINT, pageLimit, plainText } from "./filters.ts";
import { instantsOf, instantsQuery } from "./periods.ts";
import { afterParameter } from "./place-word.ts";
import { exampleVehicle, nextPage, problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { answerUnkept } from "./unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const LONGEST_DAYS = 92;

const PLACE = ["at", "imei", "type", "hash"] as const;

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  type: z
    .enum(["event", "fault"])
    .optional()
    .openapi({ description: "`fault`: diagnostic trouble codes. Absent: both", example: "event" }),
  kind: anyOf(plainText).openapi({
    description: `${LIST_HINT}: what the push was, by the vendor's path in lower case; events alone have one`,
    example: "pushevent",
  }),
  limit: pageLimit,
  after: afterParameter([
    "2026-01-15T08:30:00.000000Z",
    exampleVehicle.imei,
    "event",
    "9e107d9d372bb6826bd81d3542a419d6",
  ]),
});

const text = z.string().nullable();
const number = z.number().nullable();

const event = z
  .object({
    type: z.enum(["event", "fault"]),
    at: z.iso.datetime(),
    undated: z.boolean().openapi({ description: "It had no readable time: `at` is when it came" }),
    imei: z.string(),
    name: text,
    plate: text,
    driver: text.openapi({ description: "Who drove at the time" }),
    account: text,
    kind: text.openapi({ description: "Null for a fault, as all up to `lng`" }),
    eventType: text.openapi({ description: "What happened, like LOGIN" }),
    channel: text.openapi({ description: "Of a camera or of data" }),
    files: text.openapi({ description: "As sent" }),
    instructionId: text.openapi({ description: "Command that this answers" }),
    outcome: text,
    card: text,
    mac: text,
    content: text.openapi({ description: "As sent, its first 500 characters" }),
    lat: number,
    lng: number,
    faultCode: text.openapi({ description: "Like P0301" }),
    faultDetail: text,
  })
  .openapi("DeviceEvent");

const { imei, name, plate, driver, account } = exampleVehicle;

const events = z.object({ events: z.array(event), next: nextPage }).openapi("DeviceEvents", {
  example: {
    events: [
      {
        ...{ type: "event", at: "2026-01-15T08:30:00Z", undated: false, imei, name, plate, driver, account },
        ...{ kind: "pushevent", eventType: "LOGIN", channel: null, files: null, instructionId: null },
        ...{ outcome: null, card: null, mac: null, content: null, lat: null, lng: null },
        ...{ faultCode: null, faultDetail: null },
      },
    ],
    next: null,
  },
});

const route = createRoute({
  method: "get",
  path: "/v1/events",
  summary: "What devices said of themselves, newest first",
  description: `Log-ins, files, commands, cards, what nobody knows yet, and diagnostic trouble codes, in a span of at most ${LONGEST_DAYS} days. No revision covers them: not to be kept.`,
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: { description: "A page", content: { "application/json": { schema: events } } },
    ...problemAnswers,
  },
});

/** `GET /v1/events`. */
export function deviceEvents(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { limit, after, type = null, kind, ...asked } = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const { vehicles, drivers } = vehicleFilter(asked);
    const place = readCursor("after", after, PLACE);
    const body = await selectBody(askerOf(c), selectEvents, [
      ...[from, to, vehicles, drivers, place, limit, type, jsonList(kind)],
    ]);
    return answerUnkept(body) as never;
  });
}
