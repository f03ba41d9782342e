import { createHash, randomBytes } from "node:crypto";
import { createClock, type WorldClock } from "../clock.ts";
import { lastKnown } from "../fleet/reports.ts";
import { createFleet, type Vehicle } from "../fleet/vehicle.ts";
import { createPushes, type Pushes } from "../push/pushes.ts";
import type { Network } from "../roads/network.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { type CallLog, createCallLog } from "./calls.ts";
import { createFaults, type Faults } from "./faults.ts";
import { imeisFrom } from "./imeis.ts";
import { DEFAULT_ACCOUNTS, type WorldOptions } from "./options.ts";
import type { Override } from "./overrides.ts";
import { createQuota, type Quota } from "./quota.ts";
import { type ReportOptions, reportOptionsOf } from "./reports.ts";
import { createTokens, TOKEN_LIFETIME_S, type Tokens } from "./tokens.ts";

/** A platform of its own: credentials, accounts, fleet, tokens and faults that no other world sees. */
export interface World {
  appKey: string;
  appSecret: string;
  password: string;
  userPwdMd5: string;
  accounts: Accounts;
  clock: WorldClock;
  fleet: Vehicle[];
  byImei: Map<string, Vehicle>;
  tokens: Tokens;
  faults: Faults;
  calls: CallLog;
  /** Keyed by IMEI. */
  overrides: Map<string, Override>;
  /** `token.get` more often than this is refused with 1006; 0 = never. */
  tokenThrottleS: number;
  pushes: Pushes;
  reports: ReportOptions;
  quota: Quota;
}

/** What a client needs to talk to a world. */
export interface WorldInfo {
  appKey: string;
  appSecret: string;
  userId: string;
  password: string;
  userPwdMd5: string;
  accounts: string[];
  vehicles: number;
  /** The one URL every method is posted to. */
  url: string;
}

export function createWorld(
  options: WorldOptions,
  networks: Network[],
  nextImeis: (seed: number) => (index: number) => string,
): World {
  const seed = options.seed ?? 1;
  const password = options.password ?? randomBytes(6).toString("hex");
  const accounts = createAccounts(options.accounts ?? DEFAULT_ACCOUNTS, options.user);
  const clock = createClock(options.daysBack ?? 0, options.speed ?? 1);
  const fleet = createFleet(
    {
      seed,
      vehicles: options.vehicles ?? 150,
      accounts: accounts.withDevices,
      fixEveryS: options.fixEveryS,
      imeiOf: options.imeiBase === undefined ? nextImeis(seed) : imeisFrom(options.imeiBase),
    },
    networks,
  );
  // Plans are made on first sight; made here, the first answer is as quick as all later ones.
  for (const vehicle of fleet) lastKnown(vehicle, clock.fleetMs() / 1000);
  return {
    appKey: options.appKey ?? randomBytes(16).toString("hex").toUpperCase(),
    appSecret: options.appSecret ?? randomBytes(16).toString("hex"),
    password,
    userPwdMd5: createHash("md5").update(password, "utf8").digest("hex"),
    accounts,
    clock,
    fleet,
    byImei: new Map(fleet.map((vehicle) => [vehicle.imei, vehicle])),
    tokens: createTokens(
      clock.transportMs,
      options.tokenLifetimeS ?? TOKEN_LIFETIME_S.most,
      options.singleToken ?? true,
    ),
    faults: createFaults(),
    calls: createCallLog(),
    overrides: new Map(),
    tokenThrottleS: 0,
    pushes: createPushes(),
    reports: reportOptionsOf(options),
    quota: createQuota(clock.transportMs, options.dailyQuota),
  };
}

export function describeWorld(world: World, baseUrl: string): WorldInfo {
  return {
    appKey: world.appKey,
    appSecret: world.appSecret,
    userId: world.accounts.login,
    password: world.password,
    userPwdMd5: world.userPwdMd5,
    accounts: world.accounts.withDevices,
    vehicles: world.fleet.length,
    url: `${baseUrl}/route/rest`,
  };
}

/** The account a device is in now. */
export function accountOf(world: World, vehicle: Vehicle): string {
  return world.overrides.get(vehicle.imei)?.account ?? vehicle.account;
}

/** The devices an account owns itself; those of its sub accounts are listed under their own names. */
export function devicesOf(world: World, account: string): Vehicle[] {
  return world.fleet.filter(
    (vehicle) => accountOf(world, vehicle) === account && world.overrides.get(vehicle.imei)?.removed !== true,
  );
}

/** The device with an IMEI, unless there is none or it was removed. */
export function deviceWith(world: World, imei: string): Vehicle | undefined {
  return world.overrides.get(imei)?.removed === true ? undefined : world.byImei.get(imei);
}
