import { parseVendorTime } from "../clock.ts";
import type { Span } from "../fleet/arrivals.ts";
import type { World } from "../world/world.ts";
import { badParameter } from "./errors.ts";
import { required } from "./method.ts";

/** How far a client's clock may be ahead of the fleet's when it asks for everything up to now. */
const AHEAD_S = 5;

/**
 * The window two parameters ask for. The end is in the past (reference §1.4) and belongs to the window, so the span
 * ends a second later.
 *
 * @throws VendorError 1001 when the window is none
 */
export function windowIn(
  world: World,
  params: Record<string, string>,
  [begin, end]: readonly [string, string] = ["begin_time", "end_time"],
): Span {
  const fromS = parseVendorTime(required(params, begin)) / 1000;
  const endS = parseVendorTime(required(params, end)) / 1000;
  if (!(fromS < endS)) throw badParameter(`${begin} must be before ${end}, both yyyy-MM-dd HH:mm:ss`);
  if (endS > nowS(world) + AHEAD_S) throw badParameter(`${end} must be earlier than the current time`);
  return { fromS, toS: endS + 1 };
}

/** Now by the fleet's clock, Unix seconds. */
export const nowS = (world: World): number => world.clock.fleetMs() / 1000;

/** A window by a device's own clock, in true time. */
export const trueSpan = ({ fromS, toS }: Span, clockOffsetS: number): Span => ({
  fromS: fromS - clockOffsetS,
  toS: toS - clockOffsetS,
});
