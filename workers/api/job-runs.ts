import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type postgres from "postgres";
import selectRuns from "#sql/workers/api/job-runs.sql";
import selectWindows from "#sql/workers/api/job-windows.sql";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { ApiEnv } from "./context.ts";
import { pageLimit, placeInstant, plainText, uuidInPath } from "./filters.ts";
import { exampleRun, jobParameter, jobRun, requireJob } from "./job-schemas.ts";
import { afterParameter, placeWord, readPlaceWord } from "./place-word.ts";
import { exampleReceipt, exampleVehicle, nextPage, notFoundAnswer, problemAnswers } from "./schemas.ts";
import { type Asker, privateAskerOf, select, selectBody } from "./select.ts";

/** What a run tells takes the way of the data to the log: seconds, unless the queue stands. */
const UNLOGGED_MS = 24 * 3_600_000;

/** The place of a run in the list. */
const place = z.tuple([placeInstant, plainText]);

/** A place as the statement takes it. @throws ApiProblem `invalid_request` where it is none */
function requirePlace(text: string): string {
  const [at, id] = readPlaceWord(place, "after", text);
  return JSON.stringify({ at, id });
}

const page = z
  .object({ runs: z.array(jobRun), next: nextPage })
  .openapi("JobRuns", { example: { runs: [exampleRun], next: null } });

const listRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{job}/runs",
  summary: "Runs of a job, newest first",
  description: "Also those that still go on. A run is known as long as `ingestion_log` keeps it.",
  security: [{ key: [] }],
  request: {
    params: z.object({ job: jobParameter }),
    query: z.object({
      success: z.enum(["true", "false"]).optional().openapi({
        description: "Those that succeeded, or did not; what still goes on is neither",
        example: "false",
      }),
      limit: pageLimit,
      after: afterParameter(["2026-01-15T08:30:00.000000Z", exampleReceipt]),
    }),
  },
  responses: {
    200: { description: "A page", content: { "application/json": { schema: page } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

const text = z.string().nullable();
const instant = z.iso.datetime().nullable();

const jobWindow = z.object({
  number: z.int().openapi({ description: "From 1, oldest span first" }),
  account: text.openapi({ description: "Where the vendor wants one" }),
  vehicles: z.int(),
  imeis: z.array(z.string()),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  outcome: z
    .enum(["done", "postponed", "failed", "lost"])
    .nullable()
    .openapi({ description: "null until it has ended" }),
  missing: z.array(z.string()).openapi({ description: "Vehicles whose span it does not cover" }),
  apiCalls: z.int(),
  items: z.int(),
  errorCode: text,
  error: text,
  sentAt: instant.openapi({ description: "To the queue" }),
  takenAt: instant.openapi({ description: "From the queue" }),
  endedAt: instant,
});

const oneRun = jobRun
  .extend({
    windows: z.array(jobWindow).openapi({ description: "A page of them; none where it has no plan" }),
    next: nextPage,
  })
  .openapi("JobRunWithWindows", {
    example: {
      ...exampleRun,
      windows: [
        {
          ...{ number: 1, account: null, vehicles: 1, imeis: [exampleVehicle.imei] },
          from: "2026-01-08T00:00:00.000Z",
          to: "2026-01-09T00:00:00.000Z",
          ...{ outcome: "done", missing: [], apiCalls: 4, items: 61, errorCode: null, error: null },
          sentAt: "2026-01-15T08:30:00.120Z",
          takenAt: "2026-01-15T08:30:00.480Z",
          endedAt: "2026-01-15T08:30:04.911Z",
        },
      ],
      next: "1",
    },
  });

const oneRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{job}/runs/{id}",
  summary: "One run with its windows",
  security: [{ key: [] }],
  request: {
    params: z.object({
      job: jobParameter,
      id: uuidInPath.openapi({ example: exampleReceipt }),
    }),
    query: z.object({
      limit: pageLimit,
      after: z
        .string()
        .regex(/^\d{1,9}$/, "must be the number of a window")
        .default("0")
        .openapi({ description: "`next` of the answer before", example: "1" }),
    }),
  },
  responses: {
    200: { description: "The run", content: { "application/json": { schema: oneRun } } },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/jobs/{job}/runs` and `/v1/jobs/{job}/runs/{id}`. */
export function jobRuns(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(listRoute, async (c) => {
    const job = requireJob(c.req.valid("param").job);
    const { success = null, limit, after } = c.req.valid("query");
    const rows = await readRuns(privateAskerOf(c), job, {
      success,
      id: null,
      after: after === undefined ? null : requirePlace(after),
      most: limit + 1,
    });
    const last = rows[limit - 1];
    const body = {
      runs: rows.slice(0, limit).map(({ run }) => parseRun(run)),
      next: rows.length > limit && last ? placeWord([last.at, last.id]) : null,
    };
    return c.json(body, 200, { "cache-control": "no-store" });
  });

  api.openapi(oneRoute, async (c) => {
    const { job: name, id } = c.req.valid("param");
    const job = requireJob(name);
    const { limit, after } = c.req.valid("query");
    const asker = privateAskerOf(c);
    const [[found], body] = await Promise.all([
      readRuns(asker, job, { success: null, id, after: null, most: 1 }),
      selectBody(asker, selectWindows, [id, after, limit + 1]),
    ]);
    if (found === undefined) throw new ApiProblem("not_found", `The job ${job} has no run ${id}.`);
    const windows = JSON.parse(body ?? "[]") as z.output<typeof jobWindow>[];
    const last = windows[limit - 1];
    const next = windows.length > limit && last ? String(last.number) : null;
    return c.json({ ...parseRun(found.run), windows: windows.slice(0, limit), next }, 200, {
      "cache-control": "no-store",
    });
  });
}

interface RunText extends postgres.Row {
  id: string;
  at: string;
  run: string;
}

function readRuns(
  asker: Asker,
  job: string,
  wanted: { success: string | null; id: string | null; after: string | null; most: number },
): Promise<RunText[]> {
  const { success, id, after, most } = wanted;
  return select(asker, selectRuns, [job, success, id, after, most, toIso(nowMs() - UNLOGGED_MS)]);
}

const parseRun = (run: string) => JSON.parse(run) as z.output<typeof jobRun>;
