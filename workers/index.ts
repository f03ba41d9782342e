import { analystDoor, isForAnalysts } from "./analyst/door.ts";
import { app } from "./api/app.ts";
import { runTick } from "./polls/run.ts";
import { answerPush } from "./pushes/door.ts";
import { isForPushes } from "./pushes/hosts.ts";
import { dispatchBatch } from "./queue/dispatch.ts";

export { AlertDesk } from "../durable-objects/alert-desk/index.ts";
export { AnalystGate } from "../durable-objects/analyst-gate/index.ts";
export { Geocoder } from "../durable-objects/geocoder/index.ts";
export { JimiSession } from "../durable-objects/jimi-session/index.ts";
export { LiveMap } from "../durable-objects/live-map/index.ts";
export { Tally } from "../durable-objects/tally/index.ts";
export { LiveSource } from "./live-source/index.ts";
export { SharedTokenRow } from "./shared-token/index.ts";

export default {
  fetch(request, env, context) {
    if (isForPushes(request, env)) return answerPush(request, env);
    return isForAnalysts(request, env)
      ? analystDoor.fetch(request, env, context)
      : app.fetch(request, env, context);
  },
  scheduled: (tick, env) => runTick(tick.cron, env),
  queue: dispatchBatch,
} satisfies ExportedHandler<Env>;
