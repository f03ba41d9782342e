import type { Hole } from "../simulator/fleet/holes.ts";
import type { Deeds, TruePoint } from "../simulator/fleet/truth.ts";
import type { FactList } from "../simulator/push/message.ts";
import type { PushOptions } from "../simulator/push/options.ts";
import type { PushReport } from "../simulator/push/push.ts";
import type { Refusal, Tally } from "../simulator/push/record.ts";
import type { Verification } from "../simulator/push/verify.ts";
import type { WorldOptions } from "../simulator/world/options.ts";
import type { WorldInfo } from "../simulator/world/world.ts";

/** A fault the simulator shows; kinds and fields are in its README. */
export interface Fault {
  kind: string;
  method?: string;
  account?: string;
  imei?: string;
  times?: number;
  delayMs?: number;
}

/** What a vehicle really does. */
export interface Truth {
  imei: string;
  account: string;
  condition: "lively" | "silent" | "expired" | "unactivated";
  lat: number;
  lng: number;
  fixAt: string | null;
  contactAt: string | null;
}

/** What a vehicle really did in a span and the platform can know by now; its `points` are counted. */
export interface TrueDeeds extends Deeds {
  imei: string;
  account: string;
  model: string;
}

/** A span of true time, Unix seconds, and perhaps one device. */
export interface TruthSpan {
  fromS: number;
  toS: number;
  /** Only what the platform could know by then. */
  knownAtS?: number;
  imei?: string;
}

/** What to push; the defaults are the IoT Hub's, and the last minute. */
export interface Push extends Partial<PushOptions> {
  url: string;
  /** Span of arrival times at the platform, Unix seconds. */
  fromS?: number;
  toS?: number;
  lastS?: number;
}

/** Distinct facts that were pushed and accepted. */
export type PushTruth = Record<FactList, Record<string, unknown>[]>;

/** The control door of one simulated world. Works in Node and inside workerd. */
export class World {
  readonly info: WorldInfo;
  readonly #door: string;

  private constructor(simulatorUrl: string, info: WorldInfo) {
    this.info = info;
    this.#door = `${simulatorUrl}/control/worlds/${info.appKey}`;
  }

  /** Makes a world nobody else sees. */
  static async make(simulatorUrl: string, options: WorldOptions = {}): Promise<World> {
    const info = await send<WorldInfo>("POST", `${simulatorUrl}/control/worlds`, options);
    return new World(simulatorUrl, info);
  }

  /** The world behind an app key that already exists. */
  static of(simulatorUrl: string, info: WorldInfo): World {
    return new World(simulatorUrl, info);
  }

  addFault = (fault: Fault) => send<{ id: string }>("POST", `${this.#door}/faults`, fault);
  clearFaults = () => send("DELETE", `${this.#door}/faults`);
  vehicles = () => send<Truth[]>("GET", `${this.#door}/vehicles`);
  tokens = () =>
    send<{ issued: number; refreshed: number; live: number; liveMax: number }>("GET", `${this.#door}/tokens`);
  /** Calls the simulator received, newest last. */
  calls = (method?: string) =>
    send<{ at: string; method: string; code: string | number; target?: string; imeis: number }[]>(
      "GET",
      `${this.#door}/calls${method ? `?method=${method}` : ""}`,
    );
  clearCalls = () => send("DELETE", `${this.#door}/calls`);
  /** Changes what is said of a device; fields are in the simulator's README. */
  override = (imei: string, change: Record<string, unknown>) =>
    send("POST", `${this.#door}/devices/${imei}`, change);
  /** Pushes a span once. @returns when everything was accepted or given up */
  push = (options: Push) => send<PushReport>("POST", `${this.#door}/pushes`, options);
  /** Checks a customer's door as the vendor's portal does. */
  verifyPushes = (url: string) => send<Verification[]>("POST", `${this.#door}/pushes/verify`, { url });
  pushTruth = () => send<PushTruth>("GET", `${this.#door}/pushes/truth`);
  /** What became of all pushes so far. */
  pushed = () =>
    send<{ paths: Tally; refusals: Refusal[]; following: { url: string; everyS: number } | null }>(
      "GET",
      `${this.#door}/pushes`,
    );
  /** What vehicles did, from their motion: what a test compares whole tables with. */
  truth = (span: TruthSpan) => send<TrueDeeds[]>("GET", `${this.#door}/truth?${queryOf(span)}`);
  /** The fixes of one device, or of each. */
  truePoints = (span: TruthSpan) =>
    send<(Omit<TrueDeeds, "points"> & { points: TruePoint[] })[]>(
      "GET",
      `${this.#door}/truth?${queryOf(span)}&points=1`,
    );
  /** Makes fixes of a span missing or late, of one device or all. */
  addHole = (hole: Omit<Hole, "lateS"> & { lateS?: number; imei?: string }) =>
    send("POST", `${this.#door}/holes`, hole);
  mendHoles = () => send("DELETE", `${this.#door}/holes`);
  quota = () => send<{ dailyCalls: number | null; used: number }>("GET", `${this.#door}/quota`);
  /** @param dailyCalls null for no limit */
  setQuota = (dailyCalls: number | null) => send("POST", `${this.#door}/quota`, { dailyCalls });
  /** Forgets the calls of today. */
  resetQuota = () => send("DELETE", `${this.#door}/quota`);
  shiftClock = (offsetMs: number) => send("POST", `${this.#door}/clock`, { offsetMs });
}

const queryOf = (span: TruthSpan): string =>
  new URLSearchParams(Object.entries(span).map(([name, value]) => [name, String(value)])).toString();

/** The Worker's configuration for a world. */
export function vendorSettings(world: WorldInfo): Record<string, string> {
  return {
    TRACKSOLID_API_URL: world.url,
    TRACKSOLID_TARGETS: world.accounts.join(","),
    TRACKSOLID_APP_KEY: world.appKey,
    TRACKSOLID_APP_SECRET: world.appSecret,
    TRACKSOLID_USER: world.userId,
    TRACKSOLID_PASSWORD: world.password,
  };
}

async function send<Answer = unknown>(method: string, url: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}
