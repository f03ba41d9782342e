import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectJobs from "#sql/workers/api/jobs.sql";
import { nowMs, toIso } from "../../shared/time.ts";
import { nextDueMs } from "../polls/next-due.ts";
import { type JobName, schedule } from "../polls/schedule.ts";
import { isWindowed, WINDOWED_JOBS } from "../polls/windows/windowed-jobs.ts";
import type { ApiEnv } from "./context.ts";
import { type JobHealth, judgeIngest, selectHealth } from "./ingest-health.ts";
import { offSchema, runCause } from "./job-schemas.ts";
import { exampleReceipt, problemAnswers } from "./schemas.ts";
import { askerOf, privateAskerOf, select, selectBody } from "./select.ts";

/** More open runs of one job mean that it stands; the list of its runs has all. */
const MOST_OPEN_RUNS = 20;

const text = z.string().nullable();
const instant = z.iso.datetime().nullable();

const spans = z.object({
  coverage: z
    .object({
      vehicles: z.int().openapi({ description: "Enabled ones that were asked for" }),
      neverAsked: z.int().openapi({ description: "Enabled ones that were not" }),
      oldestTo: instant.openapi({ description: "Of them all, everything up to then was asked for" }),
      newestTo: instant,
    })
    .nullable(),
  depth: z
    .object({
      waiting: z.int().openapi({ description: "Windows that wait for their turn" }),
      withQueue: z.int().openapi({ description: "Windows that nobody has taken from the queue yet" }),
      underWay: z.int().openapi({ description: "Windows that are asked for now" }),
    })
    .nullable(),
  openRuns: z
    .array(
      z.object({
        id: z.string(),
        cause: runCause,
        plannedAt: z.iso.datetime(),
        vehicles: z.int(),
        windows: z.int(),
        windowsLeft: z.int(),
      }),
    )
    .openapi({ description: `Runs with windows that have not ended, the oldest ${MOST_OPEN_RUNS}` }),
});

const list = z
  .object({
    jobs: z.array(
      z.object({
        job: z.string(),
        cron: z.string().openapi({ description: "When it runs, UTC" }),
        everyS: z.int(),
        status: z
          .enum(["ok", "late", "failing"])
          .openapi({ description: "failing: its newest run failed. late: no success for 2.5 periods" }),
        off: offSchema,
        lastRunAt: instant,
        lastSuccessAt: instant,
        nextDueAt: z.iso.datetime(),
        errorCode: text.openapi({ description: "Of its newest run" }),
        error: text.openapi({ description: "The same in words" }),
        windowed: z.boolean().openapi({
          description: "Asks for spans of the past, and may be asked for one; null and empty below where not",
        }),
        ...spans.shape,
      }),
    ),
  })
  .openapi("Jobs", {
    example: {
      jobs: [
        {
          ...{ job: "trips", cron: "*/15 * * * *", everyS: 900, status: "ok", off: false },
          lastRunAt: "2026-01-15T08:15:00.000Z",
          lastSuccessAt: "2026-01-15T08:15:00.000Z",
          nextDueAt: "2026-01-15T08:30:00.000Z",
          ...{ errorCode: null, error: null, windowed: true },
          coverage: {
            ...{ vehicles: 150, neverAsked: 0 },
            oldestTo: "2026-01-15T07:59:50.000Z",
            newestTo: "2026-01-15T08:14:50.000Z",
          },
          depth: { waiting: 3, withQueue: 1, underWay: 3 },
          openRuns: [
            {
              ...{ id: exampleReceipt, cause: "request", plannedAt: "2026-01-15T08:20:11.402Z" },
              ...{ vehicles: 1, windows: 7, windowsLeft: 7 },
            },
          ],
        },
      ],
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/jobs",
  summary: "Every job: how it is, when it runs next, what it has covered",
  security: [{ key: [] }],
  responses: {
    200: { description: "The schedule", content: { "application/json": { schema: list } } },
    ...problemAnswers,
  },
});

/** `GET /v1/jobs`. */
export function jobs(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const [rows, body] = await Promise.all([
      select<JobHealth>(askerOf(c), selectHealth),
      selectBody(privateAskerOf(c), selectJobs, [JSON.stringify(Object.keys(WINDOWED_JOBS)), MOST_OPEN_RUNS]),
    ]);
    const ofJob = JSON.parse(body ?? "{}") as Record<string, z.output<typeof spans>>;
    const now = nowMs();
    const jobs = judgeIngest(c.env, rows, now).map(
      ({ job, everyS, status, off, lastRunAt, lastSuccessAt, errorCode }) => {
        const { cron } = schedule[job as JobName];
        return {
          ...{ job, cron, everyS, status, off, lastRunAt, lastSuccessAt, errorCode },
          nextDueAt: toIso(nextDueMs(cron, now)),
          error: rows.find(({ endpoint }) => endpoint === job)?.last_error ?? null,
          windowed: isWindowed(job),
          ...(ofJob[job] ?? { coverage: null, depth: null, openRuns: [] }),
        };
      },
    );
    return c.json({ jobs }, 200, { "cache-control": "no-store" });
  });
}
