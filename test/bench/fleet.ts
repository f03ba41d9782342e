import { cityNetworks } from "../simulator/roads/cities.ts";
import { deviceDetail } from "../simulator/vendor/methods/device-detail.ts";
import { locationItem } from "../simulator/vendor/methods/location-item.ts";
import type { World } from "../simulator/world/world.ts";
import { createWorlds } from "../simulator/world/worlds.ts";
import type { Item } from "./items.ts";

/** A simulated fleet, asked without going over HTTP. */
export function makeFleet(vehicles: number): World {
  return createWorlds(cityNetworks()).create({ seed: 1, vehicles });
}

/** What `location.get` says of every vehicle now. */
export function locationItems(world: World): Item[] {
  return world.fleet.map((vehicle) => locationItem(world, vehicle, world.clock.fleetMs() / 1000));
}

/** What `device.detail` says of every vehicle. */
export function detailItems(world: World): Item[] {
  return world.fleet.map(({ imei }) => deviceDetail.answer({ world, params: { imei } }).result as Item);
}

/** One item per vehicle that has a fix: what to make more items from. */
export function templates(vehicles: number): Item[] {
  const items = locationItems(makeFleet(vehicles + Math.ceil(vehicles / 10)));
  return items.filter(({ lat }) => Number(lat) !== 0).slice(0, vehicles);
}
