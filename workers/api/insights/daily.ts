import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectDaily from "#sql/workers/api/insights/daily.sql";
import selectDay from "#sql/workers/api/insights/day.sql";
import keptDay from "#sql/workers/api/insights/kept-day.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import { INSIGHT_KINDS, SEVERITIES } from "../../insights/kinds.ts";
import { rulesAt, tellQuery } from "../../insights/tell.ts";
import type { ApiEnv } from "../context.ts";
import { anyOf, jsonList, LIST_HINT, pageLimit } from "../filters.ts";
import { daysQuery } from "../periods.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { answerRevised } from "../revised.ts";
import { nextPage, problemAnswers } from "../schemas.ts";
import { askerOf, select, selectBody } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import {
  exampleInsightId,
  exampleSubject,
  insightIdText,
  insightRemark,
  kind,
  kindsFilter,
  severity,
  subject,
} from "./schemas.ts";

/** Where a page ends: whether explained, how severe, kind and id of its last insight. */
const place = z.tuple([z.int().min(0).max(1), z.int().min(1).max(3), z.enum(INSIGHT_KINDS), insightIdText]);

const query = z.object({
  day: daysQuery.to.openapi({
    type: "string",
    format: "date",
    description: "Day in the fleet's zone. Default: yesterday",
    example: "2026-01-15",
  }),
  ...vehicleFilterQuery,
  kind: kindsFilter,
  severity: anyOf(z.enum(SEVERITIES)).openapi({ description: LIST_HINT, example: "high,medium" }),
  limit: pageLimit,
  after: afterParameter([0, 2, "idling", exampleInsightId]),
});

const insight = z.object({
  id: z
    .string()
    .openapi({ description: "Day, kind and a hash of the subject: the same fact has the same id" }),
  kind,
  subject,
  imei: z.string().nullable().openapi({ description: "The vehicle concerned" }),
  driver: z.string().nullable().openapi({ description: "Who drove at the time" }),
  severity,
  title: z.string(),
  why: z.string().openapi({ description: "Figures, and the threshold with where it comes from" }),
  evidence: z
    .record(z.string(), z.unknown())
    .openapi({ description: "The figures; units are at the end of their names" }),
  links: z.array(z.string()).openapi({ description: "Paths of this API that show them" }),
  remark: insightRemark.nullable().openapi({ description: "What somebody said of it, or of its like" }),
});

const dailyAnswer = z
  .object({
    day: z.iso.date(),
    preliminary: z
      .boolean()
      .openapi({ description: "Made for this answer: the day goes on, or is not kept yet" }),
    asOf: z.iso.datetime().openapi({ description: "When they were made" }),
    counts: z
      .object({ high: z.int(), medium: z.int(), low: z.int(), explained: z.int() })
      .openapi({ description: "Of all pages; those that are explained by themselves" }),
    insights: z.array(insight),
    explained: z.array(insight).openapi({
      description: "Those that somebody explained or called wrong, with the remark; they come last",
    }),
    next: nextPage,
  })
  .openapi("DailyInsights", {
    example: {
      ...{ day: "2026-01-15", preliminary: false, asOf: "2026-01-15T21:37:00Z" },
      counts: { high: 0, medium: 1, low: 0, explained: 0 },
      insights: [
        {
          ...{ id: exampleInsightId, kind: "idling", subject: exampleSubject },
          ...{ imei: "860000000000001", driver: "Wanjiku Kamau", severity: "medium" },
          title: "KDA 123A idled for 2 h 35 min",
          why: "Its median of 28 days is 48 min; told over the higher of 2 times that and 30 min more, which is 1 h 36 min (idlingTimes, idlingMoreS).",
          evidence: { idlingS: 9300, medianS: 2880, medianOfDays: 28, overS: 5760, bar: 1 },
          links: [
            "/v1/vehicles/860000000000001",
            "/v1/trips?imei=860000000000001&from=2026-01-14T21:00:00Z&to=2026-01-15T21:00:00Z",
          ],
          remark: null,
        },
      ],
      explained: [],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/insights/daily",
  summary: "What of a day deserves attention, and why",
  description:
    "Each is told by a rule with a threshold, never by a guess; what is not known tells nothing. The most severe first. Insights of past days are kept, and made again for a week as facts come late: send `If-None-Match` with the ETag, 304 while nothing changed. Those of today, and of a day that is not kept, are made for the answer.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page",
      headers: {
        ETag: { description: "Of a day that is kept", schema: { type: "string" } },
      },
      content: { "application/json": { schema: dailyAnswer } },
    },
    304: { description: "As the caller's copy has it" },
    ...problemAnswers,
  },
});

/** A query of insights, and what makes the answer of it. */
const answerOf = (told: string) => `with told as materialized (\n${told}\n)\n${selectDaily}`;

const fromKept = answerOf(keptDay);
const made = answerOf(tellQuery(INSIGHT_KINDS));

interface AskedDay {
  day: string;
  isToCome: boolean;
  isKept: boolean;
  revision: string | null;
}

/** `GET /v1/insights/daily`. */
export function daily(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { day: wanted, kind: kinds, severity: severities, limit, after, ...filter } = c.req.valid("query");
    const startedMs = nowMs();
    const { vehicles, drivers } = vehicleFilter(filter);
    const begin = after === undefined ? null : JSON.stringify(readPlaceWord(place, "after", after));
    const [asked] = await select<AskedDay>(askerOf(c), selectDay, [toIso(startedMs), wanted ?? null]);
    if (asked === undefined) throw new Error("tracksolid.fleet has no row");
    const { day, isToCome, revision } = asked;
    if (isToCome) throw new ApiProblem("invalid_request", "day: must not be after today in the fleet's zone");
    const answer = async () => {
      const body = await selectBody(askerOf(c), revision === null ? made : fromKept, [
        ...[day, rulesAt(startedMs), vehicles, drivers, jsonList(kinds), jsonList(severities), begin, limit],
      ]);
      return answerUnkept(body);
    };
    if (revision === null) return (await answer()) as never;
    return (await answerRevised(c, { revision }, answer)) as never;
  });
}
