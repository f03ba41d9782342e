import { exports } from "cloudflare:workers";
import keepRun from "#sql/workers/canary/keep-run.sql";
import register from "#sql/workers/canary/register.sql";
import { liveMap } from "../../durable-objects/live-map/index.ts";
import { doorHosts, pushConfig } from "../../shared/config.ts";
import { openDatabase } from "../../shared/database.ts";
import { log, messageOf } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { CANARY_IMEI } from "./imei.ts";

/** Where it stands: Uhuru Park, Nairobi. */
const PLACE = { lat: "-1.289500", lng: "36.816900" };

/**
 * Every minute: pushes a fix of a device of our own through the push door, as the vendor would, and waits until the live map
 * has it. What that took is kept for `/v1/slo`.
 */
export async function sendCanary({ env, startedMs, deadlineMs, outcome }: JobContext): Promise<void> {
  const sql = openDatabase(env.DB_INGEST);
  // Unregistered, the writer would take it for a vehicle.
  await sql.unsafe(register, [CANARY_IMEI, toIso(startedMs)]);
  // The vendor's times are whole seconds.
  const fixAtMs = Math.floor(startedMs / 1_000) * 1_000;
  const beganMs = nowMs();
  const mapped = liveMap(env)
    .awaitFix(CANARY_IMEI, fixAtMs, deadlineMs - beganMs)
    .then((isThere) => (isThere ? nowMs() - beganMs : null))
    .catch((error: unknown) => {
      log("warn", "canary_not_awaited", { error: messageOf(error) });
      return null;
    });
  const { refusal, takenMs } = await push(env, fixAtMs);
  const mappedMs = refusal === null ? await mapped : null;
  await sql.unsafe(keepRun, [toIso(startedMs), takenMs, mappedMs, env.VERSION.id], { prepare: true });
  log("info", "canary", { takenMs, mappedMs });
  if (refusal !== null) {
    outcome.failures.push({ what: "push", failure: { kind: "refused", message: refusal } });
  } else if (mappedMs === null) {
    const waitedS = Math.round((nowMs() - beganMs) / 1_000);
    const message = `the push was taken, and its fix was not on the map within ${waitedS} s`;
    outcome.failures.push({ what: "map", failure: { kind: "unmapped", message } });
  } else {
    outcome.itemsReceived = 1;
  }
}

/** Pushes a fix through the door. @returns how long that took, or why it was not taken */
async function push(env: Env, fixAtMs: number): Promise<{ takenMs: number | null; refusal: string | null }> {
  const beganMs = nowMs();
  const [token] = pushConfig(env).PUSH_TOKENS;
  const [host = "localhost"] = doorHosts(env).PUSH_HOSTS;
  const gpsTime = toIso(fixAtMs).slice(0, 19).replace("T", " ");
  const item = {
    deviceImei: CANARY_IMEI,
    ...PLACE,
    gpsTime,
    gpsSpeed: "0",
    direction: "0",
    acc: "0",
    postType: "GPS",
  };
  const body = new URLSearchParams({ ...(token && { token }), data_list: JSON.stringify([item]) });
  try {
    const response = await exports.default.fetch(`https://${host}/pushgps`, { method: "POST", body });
    const text = await response.text();
    return response.ok
      ? { takenMs: nowMs() - beganMs, refusal: null }
      : { takenMs: null, refusal: `the push door answered ${response.status}: ${text.slice(0, 200)}` };
  } catch (error) {
    return { takenMs: null, refusal: `the push door failed: ${messageOf(error)}` };
  }
}
