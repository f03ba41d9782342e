import * as z from "zod";

/** What the queue of jobs carries: a window of a run, or a job that somebody asked for. */
export const jobMessage = z.discriminatedUnion("what", [
  z.object({ v: z.literal(1), what: z.literal("window"), runId: z.string(), number: z.int().positive() }),
  z.object({ v: z.literal(1), what: z.literal("job"), job: z.string() }),
]);
export type JobMessage = z.output<typeof jobMessage>;
