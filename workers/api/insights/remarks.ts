import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectRemarks from "#sql/workers/api/insights/remarks.sql";
import type { ApiEnv } from "../context.ts";
import { anyOf, jsonList, LIST_HINT, pageLimit } from "../filters.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { nextPage, problemAnswers } from "../schemas.ts";
import { askerOf, selectBody } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import {
  exampleInsightId,
  exampleRemark,
  exampleRemarkId,
  exampleSubject,
  insightIdText,
  kind,
  kindsFilter,
  remarkFields,
  subject,
  VERDICTS,
} from "./schemas.ts";

const place = z.tuple([z.uuid().regex(/^[^A-Z]*$/)]);

const query = z.object({
  ...vehicleFilterQuery,
  insight: insightIdText
    .optional()
    .openapi({ description: "Remarks of one insight", example: exampleInsightId }),
  kind: kindsFilter,
  verdict: anyOf(z.enum(VERDICTS)).openapi({ description: LIST_HINT, example: "wrong,explained" }),
  limit: pageLimit,
  after: afterParameter([exampleRemarkId]),
});

const remarkList = z
  .object({
    remarks: z.array(
      z.object({
        ...remarkFields,
        day: z.iso.date(),
        kind,
        subject,
        counts: z.boolean().openapi({ description: "No newer one is of the same insight" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("InsightRemarks", {
    example: {
      remarks: [
        { ...exampleRemark, day: "2026-01-15", kind: "idling", subject: exampleSubject, counts: true },
      ],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/insights/context",
  summary: "What people said of insights",
  description: "Every remark that was ever made, by whom and when. Of an insight the newest counts.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page, newest first",
      content: { "application/json": { schema: remarkList } },
    },
    ...problemAnswers,
  },
});

/** `GET /v1/insights/context`. */
export function remarks(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { insight, kind: kinds, verdict, limit, after, ...filter } = c.req.valid("query");
    const { vehicles, drivers } = vehicleFilter(filter);
    const [before] = after === undefined ? [null] : readPlaceWord(place, "after", after);
    const body = await selectBody(askerOf(c), selectRemarks, [
      ...[before, limit, vehicles, drivers, jsonList(kinds), jsonList(verdict), insight ?? null],
    ]);
    return answerUnkept(body) as never;
  });
}
