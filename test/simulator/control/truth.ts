import { setImmediate as breathe } from "node:timers/promises";
import { pointsOf, whatItDid } from "../fleet/truth.ts";
import type { Vehicle } from "../fleet/vehicle.ts";
import { accountOf, type World } from "../world/world.ts";
import { badInput, ControlError, type Resource } from "./control.ts";

/** Vehicles told about before other requests get their turn. */
const VEHICLES_AT_A_TIME = 20;

/**
 * `GET …/truth?fromS=&toS=&knownAtS=&imei=&points=1`: what vehicles really did in a span of true time and the platform can
 * know by now, or could by an instant before.
 */
export const truth: Resource = (world, { httpMethod, rest, query }) =>
  httpMethod === "GET" && rest.length === 1 ? tell(world, query) : undefined;

async function tell(world: World, query: URLSearchParams) {
  const [fromS, toS] = ["fromS", "toS"].map((name) => Number(query.get(name) ?? Number.NaN));
  if (!(Number.isInteger(fromS) && Number.isInteger(toS) && Number(fromS) < Number(toS))) {
    throw badInput('give "fromS" before "toS", both whole Unix seconds');
  }
  const span = { fromS: Number(fromS), toS: Number(toS) };
  const knownAtS = query.get("knownAtS");
  if (knownAtS !== null && !Number.isInteger(Number(knownAtS))) {
    throw badInput('give "knownAtS" in whole Unix seconds');
  }
  const nowS = Math.min(world.clock.fleetMs() / 1000, Number(knownAtS ?? Number.POSITIVE_INFINITY));
  const body: unknown[] = [];
  for (const [i, vehicle] of vehiclesOf(world, query.get("imei")).entries()) {
    if (i % VEHICLES_AT_A_TIME === 0) await breathe();
    const did = whatItDid(vehicle, span, nowS);
    body.push({
      imei: vehicle.imei,
      account: accountOf(world, vehicle),
      model: vehicle.model.mcType,
      ...did,
      ...(query.get("points") === "1" ? { points: pointsOf(vehicle, span, nowS) } : {}),
    });
  }
  return { status: 200, body };
}

function vehiclesOf({ fleet, byImei }: World, imei: string | null): Vehicle[] {
  if (imei === null) return fleet;
  const vehicle = byImei.get(imei);
  if (vehicle === undefined) throw new ControlError(404, `no device ${imei}; GET …/vehicles lists them`);
  return [vehicle];
}
