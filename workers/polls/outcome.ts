import type { VendorConfig } from "../../shared/config.ts";
import type { JimiClient } from "../../shared/jimi/client.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";

/** What a job works with. */
export interface JobContext {
  env: Env;
  /** UUIDv7 of the run: receipt of its messages, id of its log row, holder of its lease. */
  runId: string;
  /** Start of the run, ms since the epoch. */
  startedMs: number;
  /** Nothing new is begun after it, ms since the epoch. */
  deadlineMs: number;
  /** To be added to as the run goes: what it did counts also when it ends with an error. */
  outcome: PollOutcome;
}

/** What a job that asks the vendor works with. */
export interface PollContext extends JobContext {
  config: VendorConfig;
  client: JimiClient;
  /** Somebody asked for it: what else is asked once a day is asked, too. */
  isRequested: boolean;
}

/** Why a part of a job failed: the vendor, or what the job itself found. */
export type JobFailure =
  | JimiFailure
  | {
      kind:
        | "unbalanced"
        | "stuck"
        | "underived"
        | "overdue"
        | "former_run"
        | "low_coverage"
        | "refused"
        | "unmapped";
      message: string;
    };

/** What became of a run. A failed run may still have brought something: what it took is in the queue. */
export interface PollOutcome {
  /** What a job that takes nothing in worked on: messages it wrote, rows it took away. */
  itemsReceived: number;
  /** What the location lists of whole accounts held; null where the job does not say. */
  listed: { accounts: string[]; vehicles: number } | null;
  failures: { what: string; failure: JobFailure }[];
  /** Why it was left alone, a run that is at it already or the database: neither a success nor a failure. */
  leftToRun: string | null;
  /** Windows it planned: the last of them tells how the run went. */
  windows: number;
}

/** The outcome of a run that has yet to begin. */
export function emptyOutcome(): PollOutcome {
  return { itemsReceived: 0, listed: null, failures: [], leftToRun: null, windows: 0 };
}
