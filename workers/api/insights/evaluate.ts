import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectEvaluation from "#sql/workers/api/insights/evaluate.sql";
import type { ApiEnv } from "../context.ts";
import { jsonList } from "../filters.ts";
import { daysQuery } from "../periods.ts";
import { daysOf } from "../revised.ts";
import { problemAnswers } from "../schemas.ts";
import { askerOf, selectBody } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { kind, kindsFilter } from "./schemas.ts";

/** As long as thresholds are raised. */
const DEFAULT_DAYS = 28;

const MOST_DAYS = 366;

const query = z.object({
  from: daysQuery.from.openapi({
    type: "string",
    format: "date",
    description: `Day in the fleet's zone. Default: ${DEFAULT_DAYS - 1} days before \`to\``,
    example: "2026-01-01",
  }),
  to: daysQuery.to,
  ...vehicleFilterQuery,
  kind: kindsFilter,
});

const count = z.int();

const evaluation = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    keptDays: z.int().openapi({ description: "Days of these whose insights are kept" }),
    kinds: z.array(
      z.object({
        kind,
        meaning: z.string(),
        told: count,
        withdrawn: count.openapi({ description: "Of these: held no longer when facts had come late" }),
        confirmed: count.openapi({ description: "Of those told, by their newest remark, as the next three" }),
        explained: count,
        wrong: count,
        unremarked: count,
        shareRight: z
          .number()
          .nullable()
          .openapi({ description: "confirmed / (confirmed + wrong), 0 to 1; null without either" }),
      }),
    ),
  })
  .openapi("InsightEvaluation", {
    example: {
      ...{ from: "2026-01-01", to: "2026-01-15", keptDays: 15 },
      kinds: [
        {
          ...{ kind: "idling", meaning: "More idling than this vehicle is used to", told: 24, withdrawn: 1 },
          ...{ confirmed: 9, explained: 4, wrong: 3, unremarked: 8, shareRight: 0.75 },
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/insights/evaluate",
  summary: "How good insights are, by kind",
  description: "What was told of a span of days, at most 366, and what people said of it.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: { description: "Every kind", content: { "application/json": { schema: evaluation } } },
    ...problemAnswers,
  },
});

/** `GET /v1/insights/evaluate`. */
export function evaluate(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { from, to, kind: kinds, ...filter } = c.req.valid("query");
    const days = await daysOf(c, { from, to, defaultDays: DEFAULT_DAYS, mostDays: MOST_DAYS });
    const { vehicles, drivers } = vehicleFilter(filter);
    const body = await selectBody(askerOf(c), selectEvaluation, [
      ...[days.from, days.to, vehicles, drivers, jsonList(kinds)],
    ]);
    return answerUnkept(body) as never;
  });
}
