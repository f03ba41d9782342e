import { SCOPES } from "../../../shared/access.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import { type Stack, startStack } from "../../setup/harness.ts";
import { makePmtiles } from "../../setup/pmtiles.ts";
import { type ApiDocument, operationsOf, type Place } from "./document.ts";
import { send, type WireAnswer, type WireRequest } from "./send.ts";

/** Below the limit of a secret key, so that a test is never told to slow down. */
const REQUESTS_PER_KEY = 400;

/** The real Worker with a fleet in its database, and what it says of itself. */
export interface Api extends AsyncDisposable {
  stack: Stack;
  document: ApiDocument;
  operations: Place[];
  /** Sends a request as somebody who may do everything. */
  ask(request: WireRequest): Promise<WireAnswer>;
  /** Has what the examples change as they expect it: an example that adds or removes something is sent more than once. */
  renew(): Promise<void>;
}

/** Ticks every job, none of which is late then. */
export async function tickAll(stack: Stack): Promise<void> {
  for (const cron of new Set(Object.values(schedule).map((job) => job.cron))) await stack.tick(cron);
}

/** Starts the API with every job run once, and with the vehicle, the receipt and the run that the examples are about. */
export async function startApi(): Promise<Api> {
  // The vendor knows 860000000000009: what is asked of it by the examples has an answer.
  const world = { vehicles: 5, imeiBase: "86000000000000" };
  const vars = { OPEN_READS: "", POLL_OBD: "on", CANARY: "on", MAP_TILES: "maps/example.pmtiles" };
  const stack = await startStack({ world, vars });
  const { BUCKET } = await stack.bindings();
  const tiles = [{ z: 12, x: 2466, y: 2062, data: new TextEncoder().encode("a tile") }];
  await BUCKET.put(vars.MAP_TILES, await makePmtiles({ tiles }));
  await tickAll(stack);
  for (const job of Object.keys(schedule)) await stack.lastRun(job);
  await stack.sql`
    insert into tracksolid.devices (imei, account, facts_at, created_at, changed_at)
    values ('860000000000001', 'fireside', now(), now(), now())
    on conflict do nothing`;
  await stack.sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km, start_lat, start_lng, end_lat, end_lng, source, raw,
      received_at)
    values ('860000000000001', '2026-01-15T05:30:00Z', '2026-01-15T06:02:00Z', 14.2, -1.2864, 36.8172, -1.3192, 36.9275, 'poll',
      '{}', now())`;
  await stack.sql`
    insert into private.receipts (
      producer, sequence, items_before, receipt, source, kind, received_at, delivered_at, items, written, rejected, outcomes
    ) values (
      'example', 1, 0, '019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55', 'poll', 'location', now(), now(), 2, 1, 1, 'wr'
    )`;
  await stack.sql`
    insert into private.job_runs (id, job, cause, planned_at, windows, windows_left, vehicles, done, ended_at)
    values ('019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55', 'trips', 'request', now(), 2, 0, 1, 2, now())`;
  await stack.sql`
    insert into private.job_windows (run_id, number, job, imeis, from_time, to_time, ended_at, outcome)
    select '019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55', number, 'trips', '["860000000000001"]', now(), now(), now(), 'done'
    from generate_series(1, 2) as number`;
  await stack.sql`
    insert into reporting.insights (
      id, day, kind, subject_type, subject, subject_name, severity, title, why, evidence, links, told_at, changed_at
    ) values (
      '2026-01-15-idling-2b1d7f0a5e3c4896a1b2c3d4e5f60718', '2026-01-15', 'idling', 'vehicle', '860000000000001', 'KDA 123A',
      'medium', 'idled', 'long', '{}', '[]', now(), now()
    )`;
  await stack.sql`
    insert into private.audit
      (id, asked_at, analyst_id, analyst, tool, statement, arguments, outcome, row_count, bytes, duration_ms, request_id)
    values ('019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55', '2026-01-15T08:30:00Z', 'id', 'Jane', 'query', 'select 1', '{}', 'answered', 1, 12,
      41, 'x')`;
  const document = (await (await stack.fetch("/openapi.json")).json()) as ApiDocument;
  let key: Promise<string> | undefined;
  let sent = 0;
  return {
    stack,
    document,
    operations: operationsOf(document),
    async ask(request) {
      if (sent++ % REQUESTS_PER_KEY === 0) key = stack.makeKey([...SCOPES]);
      const address = `203.0.113.${sent % 250}`;
      const headers = {
        authorization: `Bearer ${await key}`,
        "cf-connecting-ip": address,
        ...request.headers,
      };
      return sendWhole(stack.url, { ...request, headers });
    },
    renew: () => renewPlaces(stack),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** The geofence of the examples under a name that none of them gives, and the tickets of the examples. */
async function renewPlaces({ sql }: Stack): Promise<void> {
  await sql`delete from tracksolid.geofences where geofence_id <> 7`;
  await sql`
    insert into tracksolid.geofences (geofence_id, name, kind, geometry, radius_m)
    overriding system value
    values (7, 'Depot', 'depot', '{"type": "Point", "coordinates": [36.8, -1.3]}', 100)
    on conflict (geofence_id) do update set name = excluded.name`;
  await sql`
    insert into tickets.incidents (number, opened_at, raw, told_at) values ('INC-20481', '2026-01-15', '{}', '2026-01-15')
    on conflict do nothing`;
  await sql`
    insert into tickets.change_requests (number, opened_at, raw, told_at) values ('CRQ-7710', '2026-01-15', '{}', '2026-01-15')
    on conflict do nothing`;
}

/** More than sockets hold: of a body of that size the sender sees the connection end. */
const LARGE_CHARACTERS = 60_000;

/** What stands before the Worker here sometimes hangs up on a large body that the Worker answers without reading: it is sent again. */
async function sendWhole(url: string, request: WireRequest): Promise<WireAnswer> {
  for (let tries = (request.body?.length ?? 0) > LARGE_CHARACTERS ? 5 : 1; ; tries--) {
    try {
      const answer = await send(url, request);
      const isLost = answer.status === 500 && answer.text.startsWith("Error: Network connection lost.");
      if (!isLost || tries === 1) return answer;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
