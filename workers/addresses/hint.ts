import { geocoder } from "../../durable-objects/geocoder/index.ts";
import { geocoderConfig, Misconfigured } from "../../shared/config.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { WantedCell } from "../../shared/records.ts";
import { within } from "../../shared/time.ts";

/** The geocoder must not hold up the writer. */
const PATIENCE_MS = 2_000;

/** Tells the geocoder whose addresses nobody knows yet. Best effort: the job `addresses` finds what is lost here. */
export async function hintGeocoder(env: Env, wanted: WantedCell[]): Promise<void> {
  if (wanted.length === 0 || !isConfigured(env)) return;
  try {
    const told = geocoder(env)
      .want(wanted)
      .then(() => true);
    if (!(await within(told, PATIENCE_MS))) throw new Error(`No answer within ${PATIENCE_MS} ms`);
  } catch (error) {
    log("warn", "geocoder_hint_lost", { cells: wanted.length, error: messageOf(error) });
  }
}

/** A configuration that cannot be used is told by the job `addresses`, not by every batch. */
function isConfigured(env: Env): boolean {
  try {
    return geocoderConfig(env).GEOCODER_URL !== null;
  } catch (error) {
    if (error instanceof Misconfigured) return false;
    throw error;
  }
}
