import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type postgres from "postgres";
import { nowMs } from "../../shared/time.ts";
import { redriveFolder, redriveObjects } from "../kept/redrive.ts";
import { objectId } from "../kept/select-kept.ts";
import { redriveRejected } from "../ledger/redrive-rejected.ts";
import type { ApiContext, ApiEnv } from "./context.ts";
import { workOnDatabase } from "./database-work.ts";
import { readJsonBody } from "./input-limits.ts";
import { KEPT_DOORS, keptFilters, keptPlace, requireKey } from "./kept-objects.ts";
import { placeId, rejectedFilters, rejectedPlace, requirePlace } from "./rejected.ts";
import { problemAnswers, problemsOf } from "./schemas.ts";

/** Nothing new is begun after it: a caller, and what stands between, waits for an answer about half a minute. */
const WORK_MS = 20_000;

const MOST_IDS = 100;

const ids = z
  .array(z.string().max(400))
  .min(1)
  .max(MOST_IDS)
  .optional()
  .openapi({ description: "These alone, by their `id`; other filters then say nothing" });

const remaining = {
  remaining: z.boolean().openapi({ description: "There are more: ask again, with `next`" }),
  next: z.string().nullable().openapi({ description: "Send it as `after` to go on where this call ended" }),
};

const keptBody = z
  .strictObject({ ...keptFilters, ids, after: keptPlace("parked/").optional() })
  .openapi("KeptRedrive");

const keptAnswer = z
  .object({
    messages: z.int().openapi({ description: "Messages that were written" }),
    stillHeld: z
      .int()
      .openapi({ description: "Messages that this version cannot read, or that the database refused again" }),
    ...remaining,
  })
  .openapi("KeptRedriven", { example: { messages: 50, stillHeld: 0, remaining: false, next: null } });

const rejectedBody = z
  .strictObject({ ...rejectedFilters, ids, after: rejectedPlace.optional() })
  .openapi("RejectedRedrive");

const rejectedAnswer = z
  .object({
    items: z.int().openapi({ description: "Items that became records" }),
    rejectedAgain: z.int(),
    ...remaining,
  })
  .openapi("RejectedRedriven", { example: { items: 12, rejectedAgain: 3, remaining: false, next: null } });

/** What the three have in common. */
const doorOf = <Body extends z.ZodType, Answer extends z.ZodType>(
  path: string,
  body: Body,
  example: z.input<Body>,
  answer: Answer,
) => ({
  method: "post" as const,
  path: `${path}/redrive`,
  description: `\`{}\` is all of them, oldest first. Works for at most ${WORK_MS / 1000} s. What was written before brings nothing new.`,
  security: [{ key: [] }],
  middleware: readJsonBody,
  request: { body: { required: true, content: { "application/json": { schema: body, example } } } },
  responses: {
    200: { description: "What was done", content: { "application/json": { schema: answer } } },
    ...problemAnswers,
    ...problemsOf("body_too_large"),
  },
});

/** `POST /v1/parked/redrive`, `/v1/dead-letters/redrive`, `/v1/rejected/redrive`. */
export function redrive(api: OpenAPIHono<ApiEnv>): void {
  for (const [path, { folder }] of Object.entries(KEPT_DOORS)) {
    const summary = "Writes kept messages now";
    api.openapi(
      createRoute({
        ...doorOf(path, keptBody, { reason: "too_much_refused", kind: "location" }, keptAnswer),
        summary,
      }),
      async (c) => {
        const { ids, after, ...filter } = c.req.valid("json");
        const keys = ids?.map((id) => requireKey("ids", id, folder));
        const startAfter = after === undefined ? undefined : requireKey("after", after, folder);
        const done = await write(c, (sql, deadlineMs) =>
          keys === undefined
            ? redriveFolder(c.env, sql, folder, filter, startAfter, deadlineMs)
            : redriveObjects(c.env, sql, keys, deadlineMs),
        );
        const { messages, stillHeld } = done;
        const next = done.after === null ? null : objectId(done.after);
        return c.json({ messages, stillHeld, remaining: next !== null, next }, 200, NO_STORE);
      },
    );
  }

  const summary = "Parses rejected items again, and writes those that are records now";
  const route = createRoute({
    ...doorOf("/v1/rejected", rejectedBody, { reason: "time_out_of_range" }, rejectedAnswer),
    summary,
  });
  api.openapi(route, async (c) => {
    const { ids, after, ...filter } = c.req.valid("json");
    const wanted = ids === undefined ? filter : { ids: ids.map((id) => requirePlace("ids", id)) };
    const place = after === undefined ? null : requirePlace("after", after);
    const done = await write(c, (sql, deadlineMs) => redriveRejected(c.env, sql, wanted, place, deadlineMs));
    const { items, rejectedAgain } = done;
    const next = done.after && placeId(done.after);
    return c.json({ items, rejectedAgain, remaining: next !== null, next }, 200, NO_STORE);
  });
}

const NO_STORE = { "cache-control": "no-store" };

const write = <Done>(c: ApiContext, work: (sql: postgres.Sql, deadlineMs: number) => Promise<Done>) =>
  workOnDatabase(c, "What was written stays written: try again in a few seconds.", (sql) =>
    work(sql, nowMs() + WORK_MS),
  );
