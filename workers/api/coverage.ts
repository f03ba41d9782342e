import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectCoverage from "#sql/workers/api/coverage.sql";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { imeiText, instantParameter, pageLimit } from "./filters.ts";
import { nextPage, problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { vehicleFilter, vehicleFilterQuery } from "./vehicle-filter.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const LONGEST_DAYS = 92;

/** A row each would be more than anybody looks at. */
const LONGEST_DAYS_BY_HOUR = 8;

const query = z.object({
  from: instantParameter
    .optional()
    .openapi({ description: "Default: 24 h before `to`", example: "2026-01-15T00:00:00Z" }),
  to: instantParameter.optional().openapi({ description: "Default: now", example: "2026-01-16T00:00:00Z" }),
  ...vehicleFilterQuery,
  hours: z
    .enum(["true", "false"])
    .default("false")
    .openapi({
      description: `With \`true\` each vehicle has its hours; at most ${LONGEST_DAYS_BY_HOUR} days`,
      example: "true",
    }),
  limit: pageLimit,
  after: imeiText
    .optional()
    .openapi({ description: "`next` of the answer before", example: "860000000000000" }),
});

const seconds = {
  expectedS: z.int().openapi({ description: "Under way: have + recovered + missing, s" }),
  haveS: z.int().openapi({ description: "With fixes close enough as they came, s" }),
  recoveredS: z.int().openapi({ description: "Within a gap that was filled later, s" }),
  missingS: z.int().openapi({ description: "Moved without fixes, s" }),
};

const text = z.string().nullable();

const coverageAnswer = z
  .object({
    from: z.iso.datetime().openapi({ description: "Whole hours: `from` rounded down" }),
    to: z.iso.datetime().openapi({ description: "`to` rounded up" }),
    total: z.object({
      vehicles: z.int().openapi({ description: "Vehicles that were under way" }),
      ...seconds,
    }),
    gaps: z
      .object({
        open: z.int(),
        filled: z.int(),
        none: z.int().openapi({ description: "The vendor has none" }),
      })
      .openapi({ description: "How many gaps are how far" }),
    vehicles: z.array(
      z.object({
        imei: z.string(),
        name: text,
        plate: text,
        account: text,
        ...seconds,
        gaps: z
          .array(
            z.object({
              from: z.iso.datetime(),
              to: z.iso.datetime(),
              reason: z.enum(["moved", "ingest_down", "contact_only"]).openapi({ "x-extensible-enum": true }),
              state: z.enum(["open", "filled", "none"]),
              points: z.int().nullable().openapi({ description: "Fixes that came" }),
              tries: z.int().openapi({ description: "How often the vendor was asked" }),
            }),
          )
          .openapi({ description: "The newest 100" }),
        hours: z
          .array(
            z.object({
              hour: z.iso.datetime(),
              haveS: z.int(),
              recoveredS: z.int(),
              missingS: z.int(),
            }),
          )
          .nullable()
          .openapi({ description: "Hours in which it was under way; null unless asked for" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("Coverage", {
    example: {
      from: "2026-01-15T00:00:00Z",
      to: "2026-01-16T00:00:00Z",
      total: { vehicles: 141, expectedS: 1_816_420, haveS: 1_790_200, recoveredS: 24_120, missingS: 2_100 },
      gaps: { open: 1, filled: 19, none: 2 },
      vehicles: [
        {
          ...{ imei: "860000000000001", name: "KDA 123A", plate: "KDA 123A", account: "fireside" },
          ...{ expectedS: 14_400, haveS: 12_600, recoveredS: 1_800, missingS: 0 },
          gaps: [
            {
              ...{ from: "2026-01-15T09:00:10Z", to: "2026-01-15T09:30:10Z" },
              ...{ reason: "moved", state: "filled", points: 179, tries: 1 },
            },
          ],
          hours: null,
        },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/coverage",
  summary: "How much is known of the time vehicles were under way",
  description:
    "Fixes more than 10 minutes apart with a move between them leave a gap; every gap is asked for. Times in which a vehicle stands are not expected to have fixes. With `driver` hours and gaps count that began while one of these drivers had the vehicle.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "The account, and a page of vehicles in the order of IMEIs",
      content: { "application/json": { schema: coverageAnswer } },
    },
    ...problemAnswers,
  },
});

/** `GET /v1/coverage`. */
export function coverage(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to, hours, limit, after, ...filter } = c.req.valid("query");
    const { vehicles, drivers } = vehicleFilter(filter);
    const toMs = Math.ceil((to === undefined ? nowMs() : Date.parse(to)) / HOUR_MS) * HOUR_MS;
    const fromMs = Math.floor((from === undefined ? toMs - DAY_MS : Date.parse(from)) / HOUR_MS) * HOUR_MS;
    const mostDays = hours === "true" ? LONGEST_DAYS_BY_HOUR : LONGEST_DAYS;
    if (fromMs >= toMs) throw new ApiProblem("invalid_request", "from: must be before to");
    if (toMs - fromMs > mostDays * DAY_MS + HOUR_MS) {
      throw new ApiProblem("invalid_request", `from: must be at most ${mostDays} days before to`);
    }
    const body = await selectBody(askerOf(c), selectCoverage, [
      ...[toIso(fromMs), toIso(toMs), after ?? "", limit, hours === "true"],
      ...[vehicles, drivers],
    ]);
    return c.body(body ?? "", 200, {
      "content-type": "application/json",
      "cache-control": "no-store",
    }) as never;
  });
}
