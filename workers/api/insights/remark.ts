import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type postgres from "postgres";
import insertRemark from "#sql/workers/api/insights/insert-remark.sql";
import keepInsight from "#sql/workers/api/insights/keep-insight.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import { newId } from "../../../shared/ids.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import { INSIGHT_KINDS } from "../../insights/kinds.ts";
import { rulesAt, tellQuery } from "../../insights/tell.ts";
import type { ApiEnv } from "../context.ts";
import { workOnDatabase } from "../database-work.ts";
import { plainText } from "../filters.ts";
import { readJsonBody } from "../input-limits.ts";
import { notFoundAnswer, problemAnswers, problemsOf } from "../schemas.ts";
import { answerUnkept } from "../unkept.ts";
import {
  exampleInsightId,
  exampleRemark,
  insightIdText,
  insightRemark,
  LONGEST_EXPLANATION_DAYS,
  REACHES,
  VERDICTS,
} from "./schemas.ts";

const DAY_MS = 24 * 3_600_000;

/** Some paragraphs. */
const MOST_NOTE_CHARS = 2_000;

const request = z.strictObject({
  insightId: insightIdText.openapi({ example: exampleInsightId }),
  verdict: z.enum(VERDICTS).openapi({ example: "explained" }),
  note: plainText
    .trim()
    .min(1, "must not be empty")
    .max(MOST_NOTE_CHARS, `must be at most ${MOST_NOTE_CHARS} characters`)
    .openapi({ example: exampleRemark.note }),
  until: z.iso.date("must be a day like 2026-01-31").optional().openapi({
    description: "Last day, in the fleet's zone, that an explanation holds for",
    example: "2026-01-31",
  }),
  appliesTo: z.enum(REACHES).optional().openapi({
    description:
      "`this` insight alone, or those of its subject and kind in the days to come, too. Default: the latter for `wrong` and for an explanation `until` a day, else the former",
    example: "subject-and-kind",
  }),
});

const route = createRoute({
  method: "post",
  path: "/v1/insights/context",
  summary: "Says what is behind an insight; scope `insights:write`",
  description:
    "`explained` with `until` sets aside what is told of the same subject and kind up to that day. `wrong` raises the threshold for the subject and kind in the 28 days after the insight's: 1.25 times for each, 2 times at most. The newest remark of an insight counts, the others are kept. The same again is the same remark.",
  security: [{ key: [] }],
  middleware: readJsonBody,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: request,
          example: {
            insightId: exampleInsightId,
            verdict: "explained",
            note: exampleRemark.note,
            until: "2026-01-31",
            appliesTo: "subject-and-kind",
          },
        },
      },
    },
  },
  responses: {
    200: {
      description: "The same was said before, by the same key",
      content: { "application/json": { schema: insightRemark } },
    },
    201: { description: "Kept", content: { "application/json": { schema: insightRemark } } },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("body_too_large"),
  },
});

/** `POST /v1/insights/context`. */
export function remark(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const said = c.req.valid("json");
    const { insightId, verdict, note, until } = said;
    const appliesTo = reachOf(said);
    const startedMs = nowMs();
    const { id: keyId } = c.get("caller") ?? {};
    if (keyId === undefined) throw new Error("nobody was admitted");
    const { isNew, body } = await workOnDatabase(
      c,
      "Nothing was kept: send it again in a few seconds.",
      (sql) =>
        sql.begin(async (tx) => {
          if (!(await holdInsight(tx, insightId, startedMs))) {
            throw new ApiProblem("not_found", "There is no such insight. Ids are in /v1/insights/daily.");
          }
          const [kept] = await tx.unsafe<{ isNew: boolean; body: string }[]>(
            insertRemark,
            [newId(), insightId, verdict, note, until ?? null, appliesTo, keyId, toIso(startedMs)],
            { prepare: true },
          );
          if (kept === undefined) throw new Error("a remark is new or known");
          return kept;
        }),
    );
    return answerUnkept(body, {}, isNew ? 201 : 200) as never;
  });
}

/** What a remark applies to. @throws ApiProblem where that and `until` contradict its verdict */
function reachOf({ insightId, verdict, until, appliesTo }: z.output<typeof request>) {
  const refuse = (detail: string) => new ApiProblem("invalid_request", detail);
  if (until !== undefined && verdict !== "explained") {
    throw refuse(`until: is for explanations; ${verdict} has no end`);
  }
  const reach = appliesTo ?? (verdict === "wrong" || until !== undefined ? "subject-and-kind" : "this");
  if (reach === "subject-and-kind" && verdict === "confirmed") {
    throw refuse("appliesTo: what is confirmed is this insight alone");
  }
  if (verdict === "explained" && (reach === "subject-and-kind") !== (until !== undefined)) {
    throw refuse("until: an explanation of subject and kind has a last day, one of this insight has none");
  }
  const day = insightId.slice(0, 10);
  if (until !== undefined && (until < day || daysBetween(day, until) > LONGEST_EXPLANATION_DAYS)) {
    throw refuse(`until: must be from the insight's day to ${LONGEST_EXPLANATION_DAYS} days after it`);
  }
  return reach;
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/**
 * Locks an insight, so that remarks of it come one after the other. One of a day that is not kept yet is made, and kept.
 * @returns Whether there is such a one.
 */
async function holdInsight(tx: postgres.TransactionSql, id: string, startedMs: number): Promise<boolean> {
  const hold = () => tx`select from reporting.insights where id = ${id} for update`;
  if ((await hold()).count === 1) return true;
  const day = id.slice(0, 10);
  const kind = INSIGHT_KINDS.find((one) => one === id.slice(11, -33));
  // Days begin up to 14 hours before UTC's; what is longer ago is kept, or nobody has read of it.
  if (kind === undefined || Math.abs(startedMs - Date.parse(day)) > 3 * DAY_MS) return false;
  const [made] = await tx.unsafe<{ insight: string }[]>(
    `select to_json(t)::text as insight from (${tellQuery([kind])}) t where t.id = $3`,
    [day, rulesAt(startedMs), id],
    { prepare: true },
  );
  if (made === undefined) return false;
  await tx.unsafe(keepInsight, [day, toIso(startedMs), made.insight], { prepare: true });
  return (await hold()).count === 1;
}
