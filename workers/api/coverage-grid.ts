import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectGrid from "#sql/workers/api/coverage-grid.sql";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { answerUnlessCurrent } from "./conditional.ts";
import type { ApiEnv } from "./context.ts";
import { instantParameter } from "./filters.ts";
import { problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** More columns are not seen at once. */
const LONGEST_DAYS = { hour: 2, day: 31 };

/** A fleet larger than is designed for is told of those that miss most. */
const MOST_VEHICLES = 20_000;

const { driver: _, ...filterQuery } = vehicleFilterQuery;

const counts = z.array(z.int());
const texts = z.array(z.string().nullable());

const grid = z
  .object({
    from: z.iso.datetime().openapi({ description: "Whole hours: `from` rounded down" }),
    to: z.iso.datetime().openapi({ description: "`to` rounded up" }),
    by: z.enum(["hour", "day"]),
    vehicles: z
      .object({
        ...{ imei: z.array(z.string()), name: texts, plate: texts, account: texts, city: texts },
        ...{ gapsOpen: counts, gapsFilled: counts, gapsNone: counts },
      })
      .openapi({
        description: "Those that miss most first; enabled ones, and others of which there is something",
      }),
    cells: z
      .object({
        vehicle: counts.openapi({ description: "Its place in `vehicles`, from 0" }),
        place: counts.openapi({ description: "Hours from `from`, or days of the fleet's zone from its day" }),
        ...{ haveS: counts, recoveredS: counts, missingS: counts },
      })
      .openapi({ description: "In which a vehicle was under way; what `/v1/coverage` says of them, s" }),
    leftOut: z.int().openapi({ description: `Vehicles beyond ${MOST_VEHICLES}` }),
  })
  .openapi("CoverageGrid", {
    example: {
      ...{ from: "2026-01-15T00:00:00Z", to: "2026-01-16T00:00:00Z", by: "hour" },
      vehicles: {
        ...{ imei: ["860000000000001"], name: ["KDA 123A"], plate: ["KDA 123A"], account: ["fireside"] },
        ...{ city: ["Nairobi"], gapsOpen: [1], gapsFilled: [2], gapsNone: [0] },
      },
      cells: {
        vehicle: [0, 0],
        place: [8, 9],
        haveS: [3_400, 1_800],
        recoveredS: [0, 900],
        missingS: [0, 600],
      },
      leftOut: 0,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/coverage/grid",
  summary: "The same of every vehicle by hour or by day, in columns",
  description: `At most ${LONGEST_DAYS.hour} days by hour, ${LONGEST_DAYS.day} by day. Ask again with \`If-None-Match\`: 304 while nothing changed.`,
  security: [{ key: [] }],
  request: {
    query: z.object({
      from: instantParameter
        .optional()
        .openapi({ description: "Default: 24 h before `to`", example: "2026-01-15T00:00:00Z" }),
      to: instantParameter
        .optional()
        .openapi({ description: "Default: now", example: "2026-01-16T00:00:00Z" }),
      by: z.enum(["hour", "day"]).default("hour").openapi({ example: "hour" }),
      ...filterQuery,
    }),
  },
  responses: {
    200: { description: "The fleet", content: { "application/json": { schema: grid } } },
    304: { description: "The caller's copy is current" },
    ...problemAnswers,
  },
});

/** `GET /v1/coverage/grid`. */
export function coverageGrid(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to, by, ...filter } = c.req.valid("query");
    const toMs = Math.ceil((to === undefined ? nowMs() : Date.parse(to)) / HOUR_MS) * HOUR_MS;
    const fromMs = Math.floor((from === undefined ? toMs - DAY_MS : Date.parse(from)) / HOUR_MS) * HOUR_MS;
    if (fromMs >= toMs) throw new ApiProblem("invalid_request", "from: must be before to");
    // A day may have an hour more, where clocks are set back.
    if (toMs - fromMs > LONGEST_DAYS[by] * DAY_MS + 2 * HOUR_MS) {
      throw new ApiProblem("invalid_request", `from: must be at most ${LONGEST_DAYS[by]} days before to`);
    }
    const body = await selectBody(askerOf(c), selectGrid, [
      ...[toIso(fromMs), toIso(toMs), by, vehicleFilter(filter).vehicles, MOST_VEHICLES],
    ]);
    return (await answerUnlessCurrent(c, body ?? "", "application/json", "private, no-cache")) as never;
  });
}
