import { vendorTime } from "../simulator/clock.ts";
import { cityNetworks } from "../simulator/roads/cities.ts";
import { deviceDetail } from "../simulator/vendor/methods/device-detail.ts";
import { locationItem } from "../simulator/vendor/methods/location-item.ts";
import type { World } from "../simulator/world/world.ts";
import { createWorlds } from "../simulator/world/worlds.ts";
import type { Item } from "./items.ts";

/** The same in every run. */
const MORNING_S = Date.UTC(2026, 9, 1, 7) / 1000;

/** A simulated fleet, asked without going over HTTP. */
export function makeFleet(vehicles: number): World {
  return createWorlds(cityNetworks()).create({ seed: 1, vehicles });
}

/** What `location.get` says of every vehicle at an instant, Unix seconds. */
export function locationItems(world: World, atS: number): Item[] {
  return world.fleet.map((vehicle) => locationItem(world, vehicle, atS));
}

/** The same on every morning: what `location.get` says as if that were now. */
export function morningItems(world: World, nowMs: number): Item[] {
  const laterMs = nowMs - MORNING_S * 1000;
  const later = (time: unknown) =>
    time === null ? null : vendorTime(Date.parse(`${String(time).replace(" ", "T")}Z`) + laterMs);
  return locationItems(world, MORNING_S).map((item) => ({
    ...item,
    gpsTime: later(item.gpsTime),
    hbTime: later(item.hbTime),
  }));
}

/** What `device.detail` says of every vehicle. */
export function detailItems(world: World): Item[] {
  return world.fleet.map(({ imei }) => deviceDetail.answer({ world, params: { imei } }).result as Item);
}

/** One item per vehicle that has a fix: what to make more items from. */
export function templates(vehicles: number): Item[] {
  const items = locationItems(makeFleet(vehicles + Math.ceil(vehicles / 10)), MORNING_S);
  return items.filter(({ lat }) => Number(lat) !== 0).slice(0, vehicles);
}
