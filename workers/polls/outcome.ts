import type { VendorConfig } from "../../shared/config.ts";
import type { JimiClient } from "../../shared/jimi/client.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";

/** What a job works with. */
export interface PollContext {
  env: Env;
  config: VendorConfig;
  client: JimiClient;
  /** UUIDv7 of the run: receipt of its messages, id of its log row, holder of its lease. */
  runId: string;
  /** Start of the run, ms since the epoch. */
  startedMs: number;
}

/** What became of a run. A failed run may still have brought something: what it took is in the queue. */
export interface PollOutcome {
  itemsReceived: number;
  /** Accounts whose whole location list came; null where the job does not list locations. */
  accountsListed: string[] | null;
  failures: { what: string; failure: JimiFailure }[];
  /** Why the run left the work to another one; it is neither a success nor a failure. */
  postponed: string | null;
}

/** An outcome to add to. */
export function emptyOutcome(): PollOutcome {
  return { itemsReceived: 0, accountsListed: null, failures: [], postponed: null };
}
