import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectTickets from "#sql/workers/api/tickets/tickets.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import { settings } from "../../../shared/settings.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { ApiEnv } from "../context.ts";
import { anyOf, instantParameter, jsonList, LIST_HINT, plainText, readDecimal } from "../filters.ts";
import { PAGE_TYPES, pageBody, selectPage } from "../pages.ts";
import { instantsOf } from "../periods.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { TICKET_KINDS, type TicketKind } from "./kinds.ts";
import { ticket, ticketCollection, ticketList, ticketParams } from "./schemas.ts";

const USUAL_DAYS = 31;
const LONGEST_DAYS = 366;

/** Each ticket reads the fixes of a vehicle for as long as it lasted: a day of them is some thousand. */
const MOST_TICKETS = 200;
const MOST_DAYS_EACH = 31;
const MOST_DAYS_A_PAGE = 200;

/** One alone may have lasted for years. */
const ANY_DAYS = 36_500;

/** When a ticket was opened, which some systems have in 1900, and its number. */
const place = z.tuple([z.iso.datetime().refine((at) => at >= "0001"), plainText]);

const nearest = z
  .string()
  .default("0")
  .transform(readDecimal)
  .pipe(z.int().min(0).max(5))
  .openapi({
    type: "integer",
    ...{ minimum: 0, maximum: 5, default: 0, example: 3 },
    description: "Of open tickets with a place, so many of the nearest vehicles",
  });

const query = z.object({
  state: z
    .enum(["open", "resolved"])
    .optional()
    .openapi({ description: "Still to be done, or not", example: "open" }),
  area: anyOf(plainText).openapi({ description: LIST_HINT, example: "Westlands,Kilimani" }),
  from: instantParameter.optional().openapi({
    description: `Opened since. Default: ${USUAL_DAYS} days before \`to\`; with \`state=open\`, whenever`,
    example: "2026-01-01T00:00:00Z",
  }),
  to: instantParameter
    .optional()
    .openapi({ description: "Opened before. Default: now", example: "2026-01-16T00:00:00Z" }),
  ...vehicleFilterQuery,
  nearest,
  format: z.enum(["json", "geojson"]).default("json").openapi({
    description: "`geojson`: a FeatureCollection of those that have a place, for maps",
    example: "json",
  }),
  limit: z
    .string()
    .default("50")
    .transform(readDecimal)
    .pipe(z.int().min(1).max(MOST_TICKETS))
    .openapi({ type: "integer", minimum: 1, maximum: MOST_TICKETS, default: 50, example: 20 }),
  after: afterParameter(["2026-01-15T06:00:00.000000Z", "INC-20481"], 3_000),
});

/** `GET /v1/tickets/…` and `GET /v1/tickets/…/{number}`. */
export function readTickets(api: OpenAPIHono<ApiEnv>): void {
  for (const one of TICKET_KINDS) {
    list(api, one);
    read(api, one);
  }
}

function list(api: OpenAPIHono<ApiEnv>, { path, kind, many }: TicketKind): void {
  const route = createRoute({
    method: "get",
    path,
    summary: `Tickets: ${many}, and whether somebody was there`,
    description: `Newest first. Vehicles are those a ticket names or its driver had meanwhile; \`driver\` is whom it is assigned to, else who drove its vehicle when it was opened. At most ${LONGEST_DAYS} days of tickets, unless only open ones are asked for. A page of tickets that lasted long ends early: go on while there is a \`next\`. Tickets without a time of opening are found by their number alone.`,
    security: [{ key: [] }],
    request: { query },
    responses: {
      200: {
        description: "A page, as it is now",
        content: {
          "application/json": { schema: ticketList },
          "application/geo+json": { schema: ticketCollection },
        },
      },
      ...problemAnswers,
    },
  });
  api.openapi(route, async (c) => {
    const { state, area, from, to, nearest, format, limit, after, ...filter } = c.req.valid("query");
    const asOfMs = nowMs();
    const since =
      state === "open" && from === undefined
        ? null
        : instantsOf({ from, to }, LONGEST_DAYS, { defaultDays: USUAL_DAYS, asOfMs }).from;
    const { vehicles, drivers } = vehicleFilter(filter);
    const [at, number] = after === undefined ? [null, null] : readPlaceWord(place, "after", after);
    const page = await selectPage(askerOf(c), selectTickets, [
      ...[kind, toIso(asOfMs), format === "geojson", null, since, to ?? null, state ?? null, jsonList(area)],
      ...[vehicles, drivers, limit, at, number, nearest, settings.silentAfterS, settings.staleAfterS],
      ...[MOST_DAYS_EACH, MOST_DAYS_A_PAGE],
    ]);
    return answerUnkept(pageBody(page, "tickets", format), {
      "content-type": PAGE_TYPES[format],
    }) as never;
  });
}

function read(api: OpenAPIHono<ApiEnv>, { path, kind, one, example }: TicketKind): void {
  const route = createRoute({
    method: "get",
    path: `${path}/{number}`,
    summary: `One ${one}, with the whole evidence of visits`,
    description:
      "Of one that lasted for months all the fixes of its vehicle are looked at: it may take a second.",
    security: [{ key: [] }],
    request: { params: ticketParams(example), query: z.object({ nearest }) },
    responses: {
      200: { description: "The ticket, as it is now", content: { "application/json": { schema: ticket } } },
      ...notFoundAnswer,
      ...problemAnswers,
    },
  });
  api.openapi(route, async (c) => {
    const { number } = c.req.valid("param");
    const { nearest } = c.req.valid("query");
    const { entries } = await selectPage(askerOf(c), selectTickets, [
      ...[kind, toIso(nowMs()), false, number, null, null, null, null, "{}", null, 1, null, null, nearest],
      ...[settings.silentAfterS, settings.staleAfterS, ANY_DAYS, ANY_DAYS],
    ]);
    if (entries === "[]") throw new ApiProblem("not_found", `There is no ${one} of that number.`);
    return answerUnkept(entries.slice(1, -1)) as never;
  });
}
