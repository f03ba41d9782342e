import { badInput, fieldsOf, numberIn, type Resource } from "./control.ts";

/** `POST …/clock {offsetMs}` shifts the transport clock, `GET …/clock` reads both clocks. */
export const clock: Resource = (world, { httpMethod, rest, body }) => {
  if (rest.length > 1) return undefined;
  if (httpMethod === "POST") {
    const offsetMs = numberIn(fieldsOf(body, ["offsetMs"]), "offsetMs", -Infinity);
    if (offsetMs === undefined)
      throw badInput('give "offsetMs": how many milliseconds the clock is ahead of real time');
    world.clock.offsetMs = offsetMs;
  } else if (httpMethod !== "GET") {
    return undefined;
  }
  const transportAt = new Date(world.clock.transportMs()).toISOString();
  const fleetAt = new Date(world.clock.fleetMs()).toISOString();
  return { status: 200, body: { offsetMs: world.clock.offsetMs, transportAt, fleetAt } };
};

/** `POST …/token-throttle {minIntervalS}`: `token.get` more often than this answers 1006. */
export const tokenThrottle: Resource = (world, { httpMethod, rest, body }) => {
  if (httpMethod !== "POST" || rest.length > 1) return undefined;
  const minIntervalS = numberIn(fieldsOf(body, ["minIntervalS"]), "minIntervalS", 0);
  if (minIntervalS === undefined)
    throw badInput('give "minIntervalS": seconds between two tokens, 0 for no limit');
  world.tokenThrottleS = minIntervalS;
  return { status: 200, body: { minIntervalS } };
};
