import type postgres from "postgres";
import { log, messageOf } from "../../../shared/log.ts";
import { nowMs, toIso } from "../../../shared/time.ts";

/** A holder that was silent for twice as long is gone: another takes over. */
export const LEASE_LIMIT_MS = 60_000;

const BEAT_EVERY_MS = 15_000;

/** A window that is held. Disposing ends the beat. */
export interface Hold extends Disposable {
  /** Somebody else has it now. */
  lost: boolean;
}

/** Says again and again that a window is worked on, also while a call takes minutes. */
export function holdWindow(
  sql: postgres.Sql,
  { runId, number, holder }: { runId: string; number: number; holder: string },
): Hold {
  const hold = {
    lost: false,
    [Symbol.dispose]: () => clearInterval(timer),
  };
  const beat = async () => {
    try {
      const rows = await sql`
        update private.job_windows set heard_at = ${toIso(nowMs())}
        where run_id = ${runId} and number = ${number} and holder = ${holder} and ended_at is null
        returning number`;
      if (rows.length === 0) hold.lost = true;
    } catch (error) {
      // The database may be back for the next one.
      log("warn", "window_beat_missed", { runId, number, error: messageOf(error) });
    }
  };
  const timer = setInterval(() => void beat(), BEAT_EVERY_MS);
  return hold;
}
