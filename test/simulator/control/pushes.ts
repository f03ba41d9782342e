import type { Span } from "../fleet/arrivals.ts";
import { pushSpan } from "../push/push.ts";
import { verify } from "../push/verify.ts";
import type { World } from "../world/world.ts";
import {
  badInput,
  type ControlReply,
  type ControlRequest,
  fieldsOf,
  numberIn,
  type Resource,
} from "./control.ts";
import { PUSH_FIELDS, pushOptionsIn, urlIn } from "./push-options.ts";

const SPAN_S = 60;
const FOLLOW_EVERY_S = 10;

/** `…/pushes`: sends pushes, and tells what was sent and what became of it. */
export const pushes: Resource = (world, request) => {
  const { httpMethod, rest } = request;
  if (rest.length > 2) return undefined;
  return ACTIONS[[httpMethod, ...rest.slice(1)].join(" ")]?.(world, request.body);
};

type Action = (world: World, body: ControlRequest["body"]) => ControlReply | Promise<ControlReply>;

const ACTIONS: Record<string, Action> = {
  POST: async (world, body) => {
    fieldsOf(body, [...PUSH_FIELDS, "fromS", "toS", "lastS"]);
    return { status: 200, body: await pushSpan(world, spanIn(world, body), pushOptionsIn(body)) };
  },
  GET: ({ pushes: { record, following } }) => ({
    status: 200,
    body: { paths: record.tally, refusals: record.refusals(), following: following ?? null },
  }),
  DELETE: (world) => {
    world.pushes.record.clear();
    return { status: 200, body: { cleared: true } };
  },
  "GET truth": (world) => ({ status: 200, body: world.pushes.record.truth() }),
  "POST verify": async (_, body) => ({ status: 200, body: await verify(urlIn(fieldsOf(body, ["url"]))) }),
  "POST follow": (world, body) => {
    fieldsOf(body, [...PUSH_FIELDS, "everyS"]);
    const everyS = numberIn(body, "everyS", 0.1) ?? FOLLOW_EVERY_S;
    world.pushes.follow(world, pushOptionsIn(body), everyS);
    return { status: 201, body: { everyS } };
  },
  "DELETE follow": (world) => {
    world.pushes.unfollow();
    return { status: 200, body: { following: null } };
  },
};

/** Of arrival times at the platform, by the fleet's clock. */
function spanIn(world: World, body: ControlRequest["body"]): Span {
  const toS = Math.floor(numberIn(body, "toS", 0) ?? world.clock.fleetMs() / 1000);
  const lastS = numberIn(body, "lastS", 1);
  const fromS = numberIn(body, "fromS", 0);
  if (fromS !== undefined && lastS !== undefined) throw badInput('give "fromS" or "lastS", not both');
  const span = { fromS: Math.floor(fromS ?? toS - (lastS ?? SPAN_S)), toS };
  if (span.fromS >= toS) throw badInput(`"fromS" must be before "toS" (${toS}); both are Unix seconds`);
  return span;
}
