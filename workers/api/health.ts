import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { isReader, serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso, within } from "../../shared/time.ts";
import { backlogOf } from "./backlog.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { type JobHealth, judgeIngest, selectHealth } from "./ingest-health.ts";
import { offSchema } from "./job-schemas.ts";
import { problemsOf, tooManyAnswer } from "./schemas.ts";
import { askerOf, select } from "./select.ts";
import { selectTroubledJobs, type TroubledJob, wordsOf } from "./timescale-jobs.ts";

/** A readiness probe must answer while the database hangs. */
const DATABASE_PATIENCE_MS = 2_000;

const alive = z
  .object({
    status: z.literal("ok"),
    environment: z.string(),
    mode: z.enum(["owner", "reader"]).openapi({
      description:
        "A reader reads a database that another environment owns: nothing is polled, pushed or written here",
    }),
    version: z.string(),
    warnings: z.array(z.enum(["old_paths_open"]).openapi({ "x-extensible-enum": true })).openapi({
      description:
        "What is configured and should not stay so. old_paths_open: the earlier system's paths are read without a key by whoever says that a page of theirs asks",
    }),
  })
  .openapi("Health", {
    example: {
      status: "ok",
      environment: "production",
      mode: "owner",
      version: "5f1c0a3e-8f6e-4b59-9d43-0e9a1c7f2b10",
      warnings: [],
    },
  });

const readiness = z
  .object({
    status: z.enum(["ready", "not_ready"]),
    database: z.enum(["ok", "down"]),
    backlog: z
      .object({ messages: z.int(), bytes: z.int(), oldestAgeS: z.number().nullable() })
      .nullable()
      .openapi({ description: "Messages waiting for the writer; null when the queue does not say" }),
  })
  .openapi("Readiness", {
    example: { status: "ready", database: "ok", backlog: { messages: 3, bytes: 41_200, oldestAgeS: 0.8 } },
  });

const ingest = z
  .object({
    status: z.enum(["ok", "not_ok"]),
    jobs: z.array(
      z.object({
        job: z.string(),
        status: z.enum(["ok", "late", "failing"]),
        off: offSchema,
        everyS: z.int(),
        lastRunAt: z.iso.datetime().nullable(),
        lastSuccessAt: z.iso.datetime().nullable(),
        lastSuccessAgeS: z.number().nullable(),
        rowsReceived: z.int().nullable(),
        vehiclesLeftOut: z
          .int()
          .nullable()
          .openapi({ description: "Enabled devices the vendor's answer left out" }),
        errorCode: z.string().nullable(),
      }),
    ),
    degraded: z.array(z.string()).openapi({
      description:
        "What else is wrong, in words: jobs that the database runs by itself. Data comes in all the same",
    }),
  })
  .openapi("IngestHealth", {
    example: {
      status: "ok",
      jobs: [
        {
          job: "live",
          status: "ok",
          off: false,
          everyS: 60,
          lastRunAt: "2026-01-15T08:30:00.000Z",
          lastSuccessAt: "2026-01-15T08:30:00.000Z",
          lastSuccessAgeS: 12.4,
          rowsReceived: 150,
          vehiclesLeftOut: 0,
          errorCode: null,
        },
      ],
      degraded: [
        'TimescaleDB\'s job 1003 (policy_compression of position_history) failed at its last run, 2026-01-15T03:10:00.000Z; it last succeeded 2026-01-14T15:10:00.000Z. See "a job of TimescaleDB fails" in docs/runbook.md.',
      ],
    },
  });

const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { "application/json": { schema } },
});

const aliveRoute = createRoute({
  method: "get",
  path: "/health",
  summary: "Whether the Worker runs, and which version; touches nothing else",
  responses: { 200: json("It runs", alive) },
});

const readyRoute = createRoute({
  method: "get",
  path: "/health/ready",
  summary: "Whether the database answers, and how much waits to be written",
  responses: {
    200: json("Ready", readiness),
    ...tooManyAnswer,
    503: json("The database does not answer", readiness),
  },
});

const ingestRoute = createRoute({
  method: "get",
  path: "/health/ingest",
  summary: "Age and last result of every job",
  responses: {
    200: json("Every job is ok; `degraded` may say what else is not", ingest),
    ...tooManyAnswer,
    ...problemsOf("not_here"),
    503: {
      description: "A job is late or failing; or, as a problem, the database does not answer",
      content: {
        "application/json": { schema: ingest },
        ...problemsOf("database_unavailable")[503]?.content,
      },
    },
  },
});

/** `GET /health`, `/health/ready`, `/health/ingest`: open to monitors, no vehicle data. */
export function health(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(aliveRoute, (c) => {
    const warnings = serviceConfig(c.env).OLD_PATHS_ACCESS === "origin" ? ["old_paths_open" as const] : [];
    const { ENVIRONMENT: environment, VERSION: version } = c.env;
    const mode = isReader(c.env) ? ("reader" as const) : ("owner" as const);
    return c.json({ status: "ok" as const, environment, mode, version: version.id, warnings }, 200);
  });

  api.openapi(readyRoute, async (c) => {
    const [up, backlog] = await Promise.all([databaseAnswers(c), backlogOf(c.env)]);
    return up
      ? c.json({ status: "ready" as const, database: "ok" as const, backlog }, 200)
      : c.json({ status: "not_ready" as const, database: "down" as const, backlog }, 503);
  });

  api.openapi(ingestRoute, async (c) => {
    if (isReader(c.env)) {
      throw new ApiProblem(
        "not_here",
        "Nothing is taken in here: ask the environment that owns the database.",
      );
    }
    const now = nowMs();
    const [rows, troubled] = await Promise.all([
      select<JobHealth>(askerOf(c), selectHealth),
      select<TroubledJob>(askerOf(c), selectTroubledJobs, [toIso(now)]),
    ]);
    const jobs = judgeIngest(c.env, rows, now);
    const degraded = troubled.map(wordsOf);
    return jobs.every(({ status }) => status === "ok")
      ? c.json({ status: "ok" as const, jobs, degraded }, 200)
      : c.json({ status: "not_ok" as const, jobs, degraded }, 503);
  });
}

async function databaseAnswers(c: ApiContext): Promise<boolean> {
  const answered = select(askerOf(c), "select 1").then(
    () => true,
    () => false,
  );
  return (await within(answered, DATABASE_PATIENCE_MS)) ?? false;
}
