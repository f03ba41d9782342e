import { app } from "./api/app.ts";
import { runTick } from "./polls/run.ts";
import { dispatchBatch } from "./queue/dispatch.ts";

export { JimiSession } from "../durable-objects/jimi-session/index.ts";

export default {
  fetch: app.fetch,
  scheduled: (tick, env) => runTick(tick.cron, env),
  queue: dispatchBatch,
} satisfies ExportedHandler<Env>;
