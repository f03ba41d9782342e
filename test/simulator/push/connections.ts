import type { Span } from "../fleet/arrivals.ts";
import { outageAt, outagesBetween } from "../fleet/coverage.ts";
import { DRAW, dice } from "../fleet/random.ts";
import type { Vehicle } from "../fleet/vehicle.ts";

/** The gateway calls a device gone when it has heard nothing for this long; shorter than any outage. */
const GONE_AFTER_S = 60;
/** Share of the log-outs that are told only after the next log-in (reference §3.4, `/pushevent`). */
const TOLD_LATE = 0.2;

/** A device came to the gateway or left it. */
export interface Connection {
  type: "LOGIN" | "LOGOUT";
  atS: number;
  arrivedS: number;
}

/** Comings and goings that the platform tells within a span. */
export function connectionsIn(vehicle: Vehicle, { fromS, toS }: Span): Connection[] {
  // The log-in of an outage that ended just before the span may be told within it.
  return outagesBetween(vehicle, fromS - GONE_AFTER_S, toS + GONE_AFTER_S)
    .filter(({ startS, endS, stored }) => !stored || (powered(vehicle, startS) && powered(vehicle, endS)))
    .flatMap(({ startS, endS }): Connection[] => {
      const loginS = endS + vehicle.latencyS;
      const logoutS = startS + GONE_AFTER_S;
      const late = dice(vehicle.seed, DRAW.push, startS) < TOLD_LATE;
      return [
        { type: "LOGOUT", atS: logoutS, arrivedS: late ? loginS + 2 : logoutS },
        { type: "LOGIN", atS: loginS, arrivedS: loginS },
      ];
    })
    .filter(({ arrivedS }) => arrivedS >= fromS && arrivedS < toS)
    .sort((a, b) => a.arrivedS - b.arrivedS);
}

/** A device without power has no network to lose. */
const powered = (vehicle: Vehicle, atS: number): boolean => outageAt(vehicle, atS)?.stored !== false;
