import type postgres from "postgres";
import type { VendorConfig } from "../../../shared/config.ts";
import type { JimiClient } from "../../../shared/jimi/client.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";
import type { Span } from "../../../shared/jimi/methods.ts";
import type { PollKind } from "../../../shared/jimi/poll/kinds.ts";

/** Some vehicles and a span to ask for. */
export interface Window extends Span {
  /** The run it is part of: receipt of the messages. */
  runId: string;
  /** Its number in the run, from 1. */
  number: number;
  /** Null where the method wants no account. */
  account: string | null;
  imeis: string[];
}

/** What became of a window, added to as it goes. */
export interface WindowOutcome {
  items: number;
  /** Vehicles whose span it does not cover. */
  missing: Set<string>;
  failures: JimiFailure[];
}

/** What a window is asked with. */
export interface WindowContext {
  config: VendorConfig;
  client: JimiClient;
  /** How far back the vendor answers, s. */
  reachS: number;
  window: Window;
  outcome: WindowOutcome;
  /** Whether there is time left, and the window still ours. */
  mayGoOn(): boolean;
  /** Puts items on the queue. `imei` is whose they are, where they do not say it. */
  send(kind: PollKind, items: unknown[], imei?: string): Promise<void>;
}

/** A job that asks for spans of the past. */
export interface WindowedJob {
  /** Longest span asked for at once, s. */
  spanS: number;
  /** How far back the vendor answers, s. */
  reachS: number;
  vehiclesPerWindow: number;
  /** Whether the method wants the account of the vehicles. */
  byAccount: boolean;
  /** Whether only vehicles are asked for that were heard of since what is covered. */
  onlyHeard: boolean;
  /** Asks for the window and sends what comes. What it does not cover it adds to the outcome. */
  ask(context: WindowContext): Promise<void>;
  /** What is done first, ms since the epoch: what needs no asking is noted as covered. */
  beforePlanning?(sql: postgres.Sql, nowMs: number): Promise<void>;
}
