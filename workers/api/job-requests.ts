import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectUnknown from "#sql/workers/api/unknown-imeis.sql";
import { ApiProblem } from "../../shared/errors.ts";
import type { Span } from "../../shared/jimi/methods.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { requestJob, requestSpan } from "../polls/request-run.ts";
import { reachOf, TooManyWindows } from "../polls/windows/plan-run.ts";
import { isWindowed, type WindowedJobName } from "../polls/windows/windowed-jobs.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { workOnDatabase } from "./database-work.ts";
import { imeiText, instantParameter } from "./filters.ts";
import { readJsonBody } from "./input-limits.ts";
import { jobParameter, requireJob } from "./job-schemas.ts";
import { exampleReceipt, exampleVehicle, notFoundAnswer, problemAnswers, problemsOf } from "./schemas.ts";
import { askerOf, select } from "./select.ts";

/** A fleet of this size is asked for as a whole. */
const MOST_IMEIS = 1_000;

/** So many of those that nobody knows tell what went wrong. */
const SHOWN_IMEIS = 5;

const request = z.strictObject({
  from: instantParameter.optional().openapi({
    description: "Start of the span; what lies before the vendor's reach is left out",
    example: "2026-01-15T00:00:00Z",
  }),
  to: instantParameter
    .optional()
    .openapi({ description: "End of the span. Default: now", example: "2026-01-16T00:00:00Z" }),
  imeis: z
    .array(imeiText)
    .min(1)
    .max(MOST_IMEIS)
    .optional()
    .openapi({ description: "Default: every enabled vehicle", example: [exampleVehicle.imei] }),
});

const answer = z
  .object({
    job: z.string(),
    id: z.string().optional().openapi({ description: "The run; none where there is nothing to ask" }),
    windows: z.int().optional().openapi({ description: "What is asked for one by one" }),
    vehicles: z.int().optional(),
    from: z.iso.datetime().optional().openapi({ description: "What the vendor's reach leaves of the span" }),
    to: z.iso.datetime().optional(),
  })
  .openapi("JobRequested", {
    example: {
      ...{ job: "trips", id: exampleReceipt, windows: 7, vehicles: 1 },
      from: "2026-01-08T00:00:00.000Z",
      to: "2026-01-15T00:00:00.000Z",
    },
  });

const route = createRoute({
  method: "post",
  path: "/v1/jobs/{job}/runs",
  summary: "Has a job run now: again for a span of the past, where it asks for spans",
  description:
    "A job that is `windowed` wants `from`, and answers with more than its name; any other wants `{}`. What is asked twice brings nothing new. `devices` asks again for what it otherwise asks once a day: accounts, groups and details. A vehicle without an account is left out where the vendor wants one.",
  security: [{ key: [] }],
  middleware: readJsonBody,
  request: {
    params: z.object({ job: jobParameter }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: request,
          example: { from: "2026-01-15T00:00:00Z", imeis: [exampleVehicle.imei] },
        },
      },
    },
  },
  responses: {
    202: {
      description: "It is under way",
      headers: {
        Location: {
          description: "The run, where there is one",
          schema: { type: "string", example: `/v1/jobs/trips/runs/${exampleReceipt}` },
        },
      },
      content: { "application/json": { schema: answer } },
    },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("body_too_large"),
  },
});

/** `POST /v1/jobs/{job}/runs`. */
export function jobRequests(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const job = requireJob(c.req.valid("param").job);
    const wanted = c.req.valid("json");
    const noStore = { "cache-control": "no-store" };
    if (!isWindowed(job)) {
      const [named] = Object.keys(wanted);
      if (named !== undefined) {
        throw new ApiProblem("invalid_request", `${named}: the job ${job} asks for no span: send {}`);
      }
      await requestJob(c.env, job);
      return c.json({ job }, 202, noStore);
    }
    const now = nowMs();
    const span = spanOf(job, now, wanted);
    const imeis = wanted.imeis === undefined ? null : [...new Set(wanted.imeis)];
    if (imeis !== null) await refuseUnknown(c, imeis);
    const { id, windows, vehicles } = await workOnDatabase(
      c,
      "It may be planned already, and twice is harmless: send it again in a few seconds.",
      (sql) => requestSpan(c.env, sql, job, now, span, imeis).catch(refuseTooMany),
    );
    const planned = { job, windows, vehicles, from: toIso(span.fromMs), to: toIso(span.toMs) };
    if (windows === 0) return c.json(planned, 202, noStore);
    return c.json({ ...planned, id }, 202, { ...noStore, location: `/v1/jobs/${job}/runs/${id}` });
  });
}

/** What the vendor's reach leaves of the span. @throws ApiProblem where that is nothing */
function spanOf(job: WindowedJobName, now: number, { from, to }: z.output<typeof request>): Span {
  const reach = reachOf(job, now);
  const refuse = (detail: string) => new ApiProblem("invalid_request", detail);
  if (from === undefined) throw refuse(`from: the job ${job} asks for spans: say where this one begins`);
  const fromMs = Date.parse(from);
  const toMs = to === undefined ? reach.toMs : Date.parse(to);
  if (fromMs >= reach.toMs) {
    throw refuse(`from: must be before ${toIso(reach.toMs)}: of what comes later nothing is known yet`);
  }
  if (fromMs >= toMs) throw refuse("from: must be before to");
  if (toMs <= reach.fromMs) {
    throw refuse(`to: must be after ${toIso(reach.fromMs)}: Tracksolid tells nothing older of ${job}`);
  }
  return { fromMs: Math.max(fromMs, reach.fromMs), toMs: Math.min(toMs, reach.toMs) };
}

async function refuseUnknown(c: ApiContext, imeis: string[]): Promise<void> {
  const rows = await select<{ imei: string; unknown: number }>(askerOf(c), selectUnknown, [
    JSON.stringify(imeis),
    SHOWN_IMEIS,
  ]);
  const [first] = rows;
  if (first === undefined) return;
  const shown = rows.map(({ imei }) => imei).join(", ");
  const more = first.unknown > rows.length ? ` and ${first.unknown - rows.length} more` : "";
  throw new ApiProblem("invalid_request", `imeis: no device has the IMEI ${shown}${more}`);
}

function refuseTooMany(error: unknown): never {
  if (!(error instanceof TooManyWindows)) throw error;
  throw new ApiProblem(
    "invalid_request",
    `to: the span is ${error.message}: name a shorter one, or fewer vehicles`,
  );
}
