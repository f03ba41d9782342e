import { z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { isJob, type JobName } from "../polls/schedule.ts";
import { CAUSES } from "../polls/windows/plan-run.ts";
import { word } from "./filters.ts";
import { exampleReceipt } from "./schemas.ts";

const text = z.string().nullable();
const instant = z.iso.datetime().nullable();

/** A job in a path. */
export const jobParameter = word.openapi({
  param: { name: "job", in: "path" },
  description: "As `/v1/jobs` names it",
  example: "trips",
});

/** The job of a path. @throws ApiProblem `not_found` */
export function requireJob(name: string): JobName {
  if (isJob(name)) return name;
  throw new ApiProblem("not_found", `There is no job ${name}: /v1/jobs lists them.`);
}

/** Whether a job is off. */
export const offSchema = z.boolean().openapi({
  description:
    "Switched off by a variable: its ticks ask for nothing, and it runs on request only. It is `ok` then",
});

/** Why a run is. */
export const runCause = z.enum(CAUSES).openapi({
  description: "gaps: holes that were found. second_look: what may have come late, asked again at night",
  "x-extensible-enum": true,
});

/** A run, as lists and its own page show it. */
export const jobRun = z
  .object({
    id: z.string().openapi({ description: "Receipt of what it brought: /v1/receipts/{id}" }),
    runAt: z.iso.datetime(),
    durationMs: z.int().nullable().openapi({ description: "null while it goes on" }),
    success: z
      .boolean()
      .nullable()
      .openapi({ description: "Whether it did all it set out to do; null while it goes on" }),
    apiCalls: z.int().openapi({ description: "Calls of Tracksolid, retries included" }),
    rowsReceived: z.int(),
    vehiclesLeftOut: z
      .int()
      .nullable()
      .openapi({ description: "Enabled devices the vendor's answer left out" }),
    errorCode: text,
    error: text,
    plan: z
      .object({
        cause: runCause,
        vehicles: z.int(),
        from: instant,
        to: instant,
        windows: z.int(),
        windowsLeft: z.int().openapi({ description: "Not ended yet" }),
        done: z.int(),
        postponed: z.int().openapi({ description: "Could not be asked then, wholly or in part" }),
        failed: z.int(),
        lost: z.int().openapi({ description: "Nothing was heard of them for too long" }),
      })
      .nullable()
      .openapi({ description: "Of a run that is cut into windows: some vehicles and a span each" }),
  })
  .openapi("JobRun");

/** A backfill that is done. */
export const exampleRun: z.input<typeof jobRun> = {
  id: exampleReceipt,
  runAt: "2026-01-15T08:30:00.000Z",
  durationMs: 41_200,
  success: true,
  apiCalls: 32,
  rowsReceived: 418,
  vehiclesLeftOut: null,
  errorCode: null,
  error: null,
  plan: {
    cause: "request",
    vehicles: 1,
    from: "2026-01-08T00:00:00.000Z",
    to: "2026-01-15T00:00:00.000Z",
    ...{ windows: 7, windowsLeft: 0, done: 7, postponed: 0, failed: 0, lost: 0 },
  },
};
