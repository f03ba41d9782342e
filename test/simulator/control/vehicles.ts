import { outageAt } from "../fleet/coverage.ts";
import { lastKnown } from "../fleet/reports.ts";
import { truthAt } from "../fleet/timeline.ts";
import type { Vehicle } from "../fleet/vehicle.ts";
import { accountOf, type World } from "../world/world.ts";
import type { Resource } from "./control.ts";

/** `GET …/vehicles`: the truth now, on the fleet's clock, whatever the platform knows of it. */
export const vehicles: Resource = (world, { httpMethod, rest }) => {
  if (httpMethod !== "GET" || rest.length > 1) return undefined;
  const fleetS = world.clock.fleetMs() / 1000;
  return { status: 200, body: world.fleet.map((vehicle) => describe(world, vehicle, fleetS)) };
};

function describe(world: World, vehicle: Vehicle, fleetS: number): Record<string, unknown> {
  const truth = truthAt(vehicle, fleetS);
  const known = lastKnown(vehicle, fleetS);
  return {
    imei: vehicle.imei,
    account: accountOf(world, vehicle),
    name: vehicle.name,
    plate: vehicle.plate,
    driver: vehicle.driver,
    city: vehicle.network.city.name,
    condition: vehicle.condition,
    state: truth.state,
    covered: vehicle.condition !== "unactivated" && outageAt(vehicle, fleetS) === undefined,
    lat: truth.lat,
    lng: truth.lng,
    speedKmh: truth.speedKmh,
    headingDeg: truth.headingDeg,
    ignition: truth.ignition,
    odometerKm: truth.odometerKm,
    fixAt: known ? new Date(known.report.fixS * 1000).toISOString() : null,
    contactAt: known ? new Date(known.contactS * 1000).toISOString() : null,
  };
}
