import type { ReportOptions } from "./reports.ts";

/** What a world can be made of; everything has a default. */
export interface WorldOptions extends Partial<ReportOptions> {
  /** Decides everything about the fleet but the IMEIs of later worlds. Default 1. */
  seed?: number;
  /** Default 150. */
  vehicles?: number;
  /** Account names; `"parent/child"` puts one below another, the rest lie directly below the login. */
  accounts?: string[];
  /** 14 digits beginning with 86: the first device's IMEI without its check digit; the others count up. */
  imeiBase?: string;
  /** A fix every so many seconds, day and night, instead of a cadence that follows what a vehicle does. */
  fixEveryS?: number;
  /** Calls of methods a UTC day of the transport clock; then 1006 "today" until midnight. Default: no limit. */
  dailyQuota?: number;
  daysBack?: number;
  speed?: number;
  appKey?: string;
  appSecret?: string;
  /** The login account. Default: the first of `accounts`. */
  user?: string;
  password?: string;
  /** Tokens live no longer than this, whatever a client asks for. */
  tokenLifetimeS?: number;
  /** A new token makes the older ones invalid. Default true. */
  singleToken?: boolean;
  /** Pushes everything there as it arrives. */
  pushUrl?: string;
  pushToken?: string;
}

export const DEFAULT_ACCOUNTS = ["fireside", "Fireside@HQ", "Fireside_MSA"];
export const MOST_VEHICLES = 50_000;

type Check = (value: unknown) => string | undefined;

const integer =
  (from: number, to: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to
      ? undefined
      : `must be an integer from ${from} to ${to}`;

const number =
  (from: number, to: number): Check =>
  (value) =>
    typeof value === "number" && value >= from && value <= to
      ? undefined
      : `must be a number from ${from} to ${to}`;

const text =
  (pattern: RegExp, description: string): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `must be ${description}`;

const ACCOUNT = /^[A-Za-z0-9_@.]{3,30}$/;
const ACCOUNT_RULE = "3 to 30 letters, digits, _, @ or .";

const accounts: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0) return "must be a list of at least one account name";
  const names = value.map((entry) => String(entry).split("/"));
  if (names.some((path) => path.some((name) => !ACCOUNT.test(name)))) {
    return `must hold names of ${ACCOUNT_RULE} (or "parent/child")`;
  }
  const known = names.map((path) => path.at(-1));
  if (new Set(known).size < known.length) return "must not hold a name twice";
  return names.every(
    (path, i) =>
      path.length === 1 || (path.length === 2 && known.indexOf(path[0]) < i && known.includes(path[0])),
  )
    ? undefined
    : `must list a parent before its children: ["west", "west/depot"] has "depot" below "west"`;
};

const flag: Check = (value) => (typeof value === "boolean" ? undefined : "must be true or false");

const listOf =
  (isOne: (value: unknown) => boolean, description: string): Check =>
  (value) =>
    Array.isArray(value) && value.every(isOne) ? undefined : `must be a list of ${description}`;

const accTypes = listOf((value) => typeof value === "string" && value !== "", "texts");

const parkingPaging: Check = (value) => {
  const { bases = [0], sizes = [10], ...unknown } = (value ?? {}) as Record<string, unknown>;
  const problem =
    listOf((base) => base === 0 || base === 1, "0 and 1")(bases) ??
    listOf((size) => Number.isInteger(size) && Number(size) > 1, "whole numbers above 1")(sizes);
  return Object.keys(unknown).length > 0 || problem
    ? 'must be like {"bases": [0, 1], "sizes": [10, 50, 100]}'
    : undefined;
};

const CHECKS: Record<keyof WorldOptions, Check> = {
  seed: integer(0, 2 ** 31 - 1),
  vehicles: integer(0, MOST_VEHICLES),
  accounts,
  imeiBase: text(/^86\d{12}$/, "14 digits beginning with 86 (the check digit is added)"),
  fixEveryS: integer(1, 3600),
  dailyQuota: integer(0, 1_000_000_000),
  daysBack: number(0, 365),
  speed: number(0, 100_000),
  appKey: text(/^[A-Za-z0-9]{8,64}$/, "8 to 64 letters and digits"),
  appSecret: text(/^[\x21-\x7e]{8,64}$/, "8 to 64 printable ASCII characters without spaces"),
  user: text(ACCOUNT, ACCOUNT_RULE),
  password: text(/^.{1,64}$/, "1 to 64 characters"),
  tokenLifetimeS: integer(1, 7200),
  singleToken: flag,
  pushUrl: text(/^https?:\/\/\S+$/, "a URL beginning with http:// or https://"),
  pushToken: text(/^[\x21-\x7e]{1,200}$/, "1 to 200 printable ASCII characters without spaces"),
  cutTrips: flag,
  elapsedTrips: flag,
  parkingAccTypes: accTypes,
  parkingEmpty: accTypes,
  parkingPaging,
  parkingEnds: (value) => (value === "null" || value === "cut" ? undefined : 'must be "null" or "cut"'),
};

/**
 * @throws Error that names the option and says what it must be
 */
export function checkWorldOptions(input: unknown): WorldOptions {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new Error("a world is described by a JSON object; {} makes one with all defaults");
  }
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new Error(`unknown option "${name}"; known are ${Object.keys(CHECKS).join(", ")}`);
    }
    const problem = value === undefined ? undefined : CHECKS[name as keyof WorldOptions](value);
    if (problem) throw new Error(`"${name}" ${problem}`);
  }
  return input;
}
