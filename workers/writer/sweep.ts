import type postgres from "postgres";
import applySweep from "#sql/workers/writer/apply-sweep.sql";
import { log, messageOf } from "../../shared/log.ts";
import type { ReadMessage } from "./parse.ts";

/**
 * Disabling what a device sync no longer lists is recomputed from the committed listings, in a transaction of
 * its own: it takes device rows in its own order. A failure is made good by the next listing.
 * @returns Whether devices were disabled.
 */
export async function sweepIfListed(sql: postgres.Sql, messages: ReadMessage[]): Promise<boolean> {
  if (!messages.some(({ message }) => message.kind === "device" || message.kind === "sweep")) return false;
  try {
    const [swept] = await sql.unsafe<{ disabled: number; held_back: boolean }[]>(applySweep);
    if (swept?.disabled) log("warn", "devices_disabled", { devices: swept.disabled });
    if (swept?.held_back) log("error", "device_sweep_held_back");
    return (swept?.disabled ?? 0) > 0;
  } catch (error) {
    log("error", "device_sweep_failed", { error: messageOf(error) });
    return false;
  }
}
