import selectMetrics from "#sql/workers/api/metrics.sql";
import { geocoder } from "../../durable-objects/geocoder/index.ts";
import { jimiSession } from "../../durable-objects/jimi-session/index.ts";
import { liveMap } from "../../durable-objects/live-map/index.ts";
import { settings } from "../../shared/settings.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { backlogOf } from "./backlog.ts";
import type { ApiContext } from "./context.ts";
import type { Sample } from "./prometheus.ts";
import { askerOf, select } from "./select.ts";

/** A sample with the name of its family, without the prefix. */
export type NamedSample = Sample & { name: MetricName };

/** What each family says. A part may only name what stands here. */
export const METRICS = {
  up: "Whether a part of the service could be asked: 1, or 0, and then its figures are missing",
  newest_fix_age_seconds: "Age of the newest position of any vehicle",
  newest_contact_age_seconds: "Age of the newest contact of any vehicle",
  last_success_age_seconds: "Age of the last success of a job; writer is the queue's consumer",
  runs_last_hour: "Runs of a job, and batches of the writer, in the last hour",
  runs_failed_last_hour: "Failed runs of a job in the last hour, by error code",
  vendor_calls_last_hour: "Calls of the vendor's API in the last hour, retries included",
  items_received_last_hour: "Items received in the last hour",
  rows_inserted_last_hour: "Rows inserted in the last hour",
  rows_updated_last_hour: "Rows changed in the last hour",
  rows_duplicate_last_hour: "Rows that were there already, in the last hour",
  items_rejected_last_hour: "Items rejected in the last hour",
  timescale_job_failing:
    "1 while a job of TimescaleDB failed at its last run or is overdue; nothing without the extension",
  devices: "Devices by status, as on the live map; canary, hidden and disabled ones are not shown there",
  queue_backlog_messages: "Messages that wait for the writer",
  queue_backlog_bytes: "Bytes that wait for the writer",
  queue_oldest_age_seconds: "Age of the oldest message that waits",
  vendor_token_expiry_seconds: "How long the vendor's token lives on",
  vendor_pause_seconds: "How long no call of a method is made yet (breaker); * is all of them",
  geocoder_cells:
    "What became of requests for addresses since the beginning: asked, and of those answered, unknown or failed; dropped are cells left without an address",
  geocoder_waiting_cells: "Cells that wait for their address",
  geocoder_pause_seconds: "How long no address is asked for yet, after failures",
  live_map_vehicles: "Vehicles on the live map",
  live_map_streams: "Streams that are open",
  live_map_version: "How many changes clients could see in this life of the map",
  live_map_watched: "1 while somebody watches the live map: only then does it follow the database by itself",
  live_map_known_age_seconds:
    "How long ago the live map last agreed with the database, while somebody watches",
  live_map_behind: "1 while the live map cannot follow the database",
} as const;

type MetricName = keyof typeof METRICS;

/**
 * Who is asked, each by itself: one that fails or hangs takes nothing from the others. Another part, such as a further
 * Durable Object, is a line here and its families above.
 */
export const PARTS: Record<string, (c: ApiContext) => Promise<NamedSample[]>> = {
  database: askDatabase,
  queue: askQueue,
  vendor_session: askVendorSession,
  geocoder: askGeocoder,
  live_map: askLiveMap,
};

/** Those that have nothing to tell where the database is only read. */
export const OWNERS_PARTS: readonly string[] = ["vendor_session", "geocoder"];

async function askDatabase(c: ApiContext): Promise<NamedSample[]> {
  const { silentAfterS, staleAfterS } = settings;
  return [
    ...(await select<NamedSample>(askerOf(c), selectMetrics, [toIso(nowMs()), silentAfterS, staleAfterS])),
  ];
}

async function askQueue(c: ApiContext): Promise<NamedSample[]> {
  const backlog = await backlogOf(c.env);
  if (backlog === null) throw new Error("The queue does not say what waits in it");
  const { messages, bytes, oldestAgeS } = backlog;
  return [
    { name: "queue_backlog_messages", labels: {}, value: messages },
    { name: "queue_backlog_bytes", labels: {}, value: bytes },
    { name: "queue_oldest_age_seconds", labels: {}, value: oldestAgeS ?? 0 },
  ];
}

async function askVendorSession(c: ApiContext): Promise<NamedSample[]> {
  const { tokenExpiresAt, closed } = await jimiSession(c.env).status();
  const seconds = (until: number) => (until - nowMs()) / 1000;
  return [
    {
      name: "vendor_token_expiry_seconds",
      labels: {},
      value: tokenExpiresAt === null ? 0 : seconds(tokenExpiresAt),
    },
    ...closed.map(({ method, until }) => ({
      name: "vendor_pause_seconds" as const,
      labels: { method },
      value: seconds(until),
    })),
  ];
}

async function askGeocoder(c: ApiContext): Promise<NamedSample[]> {
  const { waiting, pausedUntil, ...counts } = await geocoder(c.env).figures();
  return [
    ...Object.entries(counts).map(([outcome, value]) => ({
      name: "geocoder_cells" as const,
      labels: { outcome },
      value,
    })),
    { name: "geocoder_waiting_cells", labels: {}, value: waiting },
    {
      name: "geocoder_pause_seconds",
      labels: {},
      value: pausedUntil === 0 ? 0 : (pausedUntil - nowMs()) / 1000,
    },
  ];
}

async function askLiveMap(c: ApiContext): Promise<NamedSample[]> {
  const { vehicles, streams, version, knownAtMs, behind, watched } = await liveMap(c.env).figures();
  const sample = (name: MetricName, value: number) => ({ name, labels: {}, value });
  return [
    sample("live_map_vehicles", vehicles),
    sample("live_map_streams", streams),
    sample("live_map_version", version),
    sample("live_map_watched", watched ? 1 : 0),
    sample("live_map_behind", behind ? 1 : 0),
    ...(watched && knownAtMs > 0 ? [sample("live_map_known_age_seconds", (nowMs() - knownAtMs) / 1000)] : []),
  ];
}
