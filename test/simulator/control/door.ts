import { checkWorldOptions } from "../world/options.ts";
import { describeWorld } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { calls, tokens } from "./calls.ts";
import { clock, tokenThrottle } from "./clock.ts";
import { badInput, ControlError, type ControlReply, type Resource } from "./control.ts";
import { devices } from "./devices.ts";
import { faults } from "./faults.ts";
import { holes } from "./holes.ts";
import { pushes } from "./pushes.ts";
import { quota } from "./quota.ts";
import { truth } from "./truth.ts";
import { vehicles } from "./vehicles.ts";

const RESOURCES: Record<string, Resource> = {
  calls,
  clock,
  devices,
  faults,
  holes,
  pushes,
  quota,
  "token-throttle": tokenThrottle,
  tokens,
  truth,
  vehicles,
};

/**
 * Answers a request below `/control/worlds`: a test's way to make worlds, break them and look inside.
 *
 * @param baseUrl where this simulator is reached
 */
export async function answerControl(
  worlds: Worlds,
  baseUrl: string,
  httpMethod: string,
  url: URL,
  bodyText: string,
): Promise<ControlReply> {
  try {
    const [appKey, ...rest] = url.pathname.split("/").slice(3).map(decodeURIComponent);
    const body = parseBody(bodyText);
    if (appKey === undefined || appKey === "") {
      if (httpMethod !== "POST")
        throw new ControlError(405, "POST /control/worlds makes a world; {} takes all defaults");
      return { status: 201, body: describeWorld(createFrom(worlds, body), baseUrl) };
    }
    const world = worlds.get(appKey);
    if (world === undefined)
      throw new ControlError(404, `no world ${appKey}; POST /control/worlds makes one`);
    if (rest.length === 0 && httpMethod === "DELETE") {
      worlds.remove(appKey);
      return { status: 200, body: { removed: appKey } };
    }
    const request = { httpMethod, rest, query: url.searchParams, body };
    const reply = await RESOURCES[rest[0] ?? ""]?.(world, request);
    if (reply !== undefined) return reply;
    throw new ControlError(
      404,
      `nothing answers ${httpMethod} here; a world has ${Object.keys(RESOURCES).join(", ")} (see README.md)`,
    );
  } catch (error) {
    if (error instanceof ControlError) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}

function createFrom(worlds: Worlds, body: unknown) {
  try {
    return worlds.create(checkWorldOptions(body));
  } catch (error) {
    throw badInput(error instanceof Error ? error.message : String(error));
  }
}

function parseBody(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    throw badInput("the body must be JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw badInput("the body must be a JSON object");
  return body as Record<string, unknown>;
}
