import { liveMap } from "../../durable-objects/live-map/index.ts";
import type { Facts } from "../../shared/live/facts.ts";
import { log, messageOf } from "../../shared/log.ts";

/** Tells the live map what was committed. Best effort: what is lost here the map reads from the database. */
export async function hintLiveMap(env: Env, facts: Facts): Promise<void> {
  if (facts.registries.length === 0 && facts.positions.length === 0) return;
  try {
    await liveMap(env).hint(facts);
  } catch (error) {
    log("warn", "live_hint_lost", { error: messageOf(error) });
    await heedLiveMap(env);
  }
}

/** Tells the live map to look itself: rows changed that nobody can name, or a hint was lost. */
export async function heedLiveMap(env: Env): Promise<void> {
  try {
    await liveMap(env).heed();
  } catch (error) {
    log("warn", "live_heed_lost", { error: messageOf(error) });
  }
}
