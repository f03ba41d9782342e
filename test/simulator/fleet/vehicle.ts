import type { Network } from "../roads/network.ts";
import type { Hole } from "./holes.ts";
import { type Model, modelAt } from "./models.ts";
import { driverOf, plateOf } from "./people.ts";
import { DRAW, dice, hash32 } from "./random.ts";
import { type Routine, routineOf } from "./routine.ts";

/** A place beside a road: its node, and where the vehicle stands, in metres from the city's centre. */
export interface Place {
  node: number;
  x: number;
  y: number;
}

/**
 * How the platform sees a device. Which vehicles are what follows from their index (the 14th of every 20 is
 * silent, the 32nd of every 50 expired, the 48th of every 60 never activated), so fleets below 14 are all lively.
 */
export type Condition = "lively" | "silent" | "expired" | "unactivated";

export interface Vehicle {
  index: number;
  seed: number;
  imei: string;
  account: string;
  condition: Condition;
  model: Model;
  /** `deviceName` at the vendor. */
  name: string;
  plate: string;
  /** The plate was typed into the name and `vehicleNumber` left empty (§4, quirk 19). */
  plateOnlyInName: boolean;
  driver: string;
  driverPhone: string;
  sim: string;
  network: Network;
  /** Index of the depot it lives at, in `network.depots`. */
  depot: number;
  home: Place;
  routine: Routine;
  /** Seconds between a report and the platform showing it. */
  latencyS: number;
  /** A fix so often, whatever the vehicle does; undefined where that depends on what it does. */
  fixEveryS: number | undefined;
  /** Where its fixes are missing or late; made and filled in through the control door. */
  holes: Hole[];
}

const GOLDEN_RATIO = 0.6180339887498949;
/** The account (by its place in the list) most vehicles of a city belong to: Nairobi, Mombasa, Kampala. */
const PREFERRED_ACCOUNT = [0, 2, 1];
const PREFERENCE = 0.8;
const YARD_M = 140;

export interface FleetOptions {
  seed: number;
  vehicles: number;
  accounts: string[];
  fixEveryS?: number;
  imeiOf(index: number): string;
}

/** Everything about a fleet that follows from its options. */
export function createFleet(options: FleetOptions, networks: Network[]): Vehicle[] {
  return Array.from({ length: options.vehicles }, (_, index) => createVehicle(index, options, networks));
}

function createVehicle(
  index: number,
  { seed, accounts, fixEveryS, imeiOf }: FleetOptions,
  networks: Network[],
): Vehicle {
  const vehicleSeed = hash32(seed, DRAW.vehicle, index);
  const city = cityOf(index, vehicleSeed, accounts.length, networks);
  const network = networks[city] as Network; // `cityOf` answers an index of `networks`
  const depot = Math.floor(dice(vehicleSeed, 3) * network.depots.length);
  const driver = driverOf(vehicleSeed, index);
  const plate = plateOf(seed, index, network.city.name === "Kampala");
  const model = modelAt(dice(vehicleSeed, 4));
  const plateOnlyInName = dice(vehicleSeed, 5) < 0.35;
  return {
    index,
    seed: vehicleSeed,
    imei: imeiOf(index),
    account: accountOf(index, vehicleSeed, city, accounts),
    condition: conditionOf(index),
    model,
    name: plateOnlyInName ? `${plate} ${driver.name.toUpperCase()}` : `${plate} ${model.brand.toUpperCase()}`,
    plate,
    plateOnlyInName,
    driver: driver.name,
    driverPhone: driver.phone,
    sim: `07000${String(50_000 + index).padStart(5, "0")}`,
    network,
    depot,
    home: besideRoad(network, network.depots[depot] ?? 0, YARD_M, dice(vehicleSeed, 6), dice(vehicleSeed, 7)),
    routine: routineOf(vehicleSeed, (index * GOLDEN_RATIO + 0.2) % 1),
    latencyS: 1 + Math.floor(dice(vehicleSeed, 8) * 3),
    fixEveryS,
    holes: [],
  };
}

/** A place up to `withinM` from a node; `distance` and `direction` are in [0, 1). */
export function besideRoad(
  network: Network,
  node: number,
  withinM: number,
  distance: number,
  direction: number,
): Place {
  const metres = 8 + distance * (withinM - 8);
  return {
    node,
    x: (network.x[node] ?? 0) + metres * Math.sin(direction * 2 * Math.PI),
    y: (network.y[node] ?? 0) + metres * Math.cos(direction * 2 * Math.PI),
  };
}

function conditionOf(index: number): Condition {
  if (index % 20 === 13) return "silent";
  if (index % 50 === 31) return "expired";
  return index % 60 === 47 ? "unactivated" : "lively";
}

/** The first vehicles go one to each account, so that no account is empty however small the fleet. */
function cityOf(index: number, seed: number, accounts: number, networks: Network[]): number {
  if (index < accounts) return Math.max(0, PREFERRED_ACCOUNT.indexOf(index));
  let left = dice(seed, 1);
  for (let city = 0; city < networks.length; city++) {
    left -= networks[city]?.city.share ?? 0;
    if (left < 0) return city;
  }
  return 0;
}

function accountOf(index: number, seed: number, city: number, accounts: string[]): string {
  const preferred = index < accounts.length ? index : (PREFERRED_ACCOUNT[city] ?? 0) % accounts.length;
  const other = Math.floor(dice(seed, 2, 1) * accounts.length);
  const account = accounts[index < accounts.length || dice(seed, 2) < PREFERENCE ? preferred : other];
  if (account === undefined) throw new Error("a fleet needs at least one account");
  return account;
}
