import { app } from "./api/app.ts";
import { runTick } from "./polls/run.ts";
import { dispatchBatch } from "./queue/dispatch.ts";

export { JimiSession } from "../durable-objects/jimi-session/index.ts";
export { LiveMap } from "../durable-objects/live-map/index.ts";
export { LiveSource } from "./live-source/index.ts";

export default {
  fetch: app.fetch,
  scheduled: (tick, env) => runTick(tick.cron, env),
  queue: dispatchBatch,
} satisfies ExportedHandler<Env>;
