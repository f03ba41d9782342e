import { liveMap } from "../../durable-objects/live-map/index.ts";
import type { Hint } from "../../shared/live/facts.ts";
import { log, messageOf } from "../../shared/log.ts";
import { within } from "../../shared/time.ts";

/** The map must not hold up the writer. */
const PATIENCE_MS = 2_000;

/** Tells the live map what was committed. Best effort: what is lost here the map reads from the database. */
export async function hintLiveMap(env: Env, hint: Hint): Promise<void> {
  if (hint.registries.length === 0 && hint.positions.length === 0 && hint.alarms === 0) return;
  try {
    await inTime(liveMap(env).hint(hint));
  } catch (error) {
    log("warn", "live_hint_lost", { error: messageOf(error) });
    await heedLiveMap(env);
  }
}

/** Tells the live map to look itself: rows changed that nobody can name, or a hint was lost. */
export async function heedLiveMap(env: Env): Promise<void> {
  try {
    await inTime(liveMap(env).heed());
  } catch (error) {
    log("warn", "live_heed_lost", { error: messageOf(error) });
  }
}

async function inTime(told: Promise<void>): Promise<void> {
  const done = await within(
    told.then(() => true),
    PATIENCE_MS,
  );
  if (!done) throw new Error(`The live map took longer than ${PATIENCE_MS} ms`);
}
