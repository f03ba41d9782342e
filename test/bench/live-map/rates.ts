import { type Load, load } from "../load.ts";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import { BROWSER, get } from "./answer.ts";
import type { ShownFleet } from "./fleet.ts";

const SECTION =
  "GET /v1/live from LiveMap, requests/s as a share of a bare handler's with equal bytes (brotli)";
const ROUNDS = { warmUp: 1, rounds: 5, roundMs: 300 };

/**
 * Design §7, for the first fleet, taken against a bare handler that writes the line which every request writes: that
 * line alone leaves a bare handler less than half of its rate. The share without it is reported beside.
 */
const LEAST_SHARE = { vehicles: 150, share: 0.5 };

/** What is asked, and what it is compared with. */
interface Contest {
  what: string;
  ours: Target;
  bare: Target;
  /** The bare handler with a line in the log as the product writes it: locally it costs as much as the answer. */
  logged: Target;
  object: Target;
}

interface Target {
  url: URL;
  headers: Record<string, string>;
  status: number;
}

/** What a round showed of each. */
type Round = Record<"ours" | "bare" | "logged" | "object", Load>;

/** Compares both forms, and the answer that nothing changed, with a Worker that does nothing but answer. */
export async function measureRates(fleet: ShownFleet): Promise<Line[]> {
  const lines: Line[] = [];
  for (const form of ["columns", "geojson"]) lines.push(...(await compare(fleet, await bodies(fleet, form))));
  if (fleet.vehicles === LEAST_SHARE.vehicles) lines.push(...(await measureUnchanged(fleet)));
  return lines;
}

async function measureUnchanged(fleet: ShownFleet): Promise<Line[]> {
  const { url, headers } = (await bodies(fleet, "columns")).ours;
  const { etag = "" } = (await get(url, headers)).headers;
  const unchanged = { headers: { ...headers, "if-none-match": etag }, status: 304 };
  const { sql } = fleet.database;
  // Local Hyperdrive opens a session for every request that asks the database.
  const sessions = async () => {
    const [row] = await sql`select sessions::int from pg_stat_database where datname = current_database()`;
    return Number(row?.sessions);
  };
  const before = await sessions();
  const startMs = performance.now();
  const lines = await compare(fleet, {
    what: "unchanged (304)",
    ours: { url, ...unchanged },
    bare: { url: new URL("/unchanged", fleet.bare), ...unchanged },
    logged: { url: new URL("/logged/unchanged", fleet.bare), ...unchanged },
    object: { url: new URL("/object/unchanged", fleet.bare), ...unchanged },
  });
  const read = (await sessions()) - before;
  const dueReads = Math.ceil((performance.now() - startMs) / 10_000) + 1;
  return [
    ...lines,
    {
      section: SECTION,
      what: "database sessions opened meanwhile",
      value: read,
      measured: String(read),
      bound: `≤ ${dueReads}`,
      holds: read <= dueReads,
      figures: "the map's own comparison with the database, every 10 s",
    },
  ];
}

async function bodies({ vehicles, product, bare }: ShownFleet, form: string): Promise<Contest> {
  const url = new URL(`/v1/live?format=${form}`, product);
  const headers = { "accept-encoding": BROWSER };
  const answer = await get(url, headers);
  const kept = ["content-type", "content-encoding"].map((name) => [name, answer.headers[name]]);
  await fetch(bare, {
    method: "POST",
    body: answer.body,
    headers: { "x-headers": JSON.stringify(Object.fromEntries(kept)) },
  });
  const target = (at: URL): Target => ({ url: at, headers, status: 200 });
  return {
    what: `${vehicles.toLocaleString("en")} vehicles, ${form}`,
    ours: target(url),
    bare: target(new URL("/", bare)),
    logged: target(new URL("/logged", bare)),
    object: target(new URL("/object", bare)),
  };
}

async function compare({ vehicles }: ShownFleet, contest: Contest): Promise<Line[]> {
  const rounds: Round[] = [];
  for (let round = -ROUNDS.warmUp; round < ROUNDS.rounds; round++) {
    const [bare, logged, object, ours] = [
      await run(contest.bare),
      await run(contest.logged),
      await run(contest.object),
      await run(contest.ours),
    ];
    if (round >= 0) rounds.push({ bare, logged, object, ours });
  }
  const shareOf = (name: keyof Round) =>
    median(rounds.map((round) => round.ours.requestsPerS / round[name].requestsPerS));
  const perS = (name: keyof Round) => median(rounds.map((round) => round[name].requestsPerS)).toFixed(0);
  const client = median(rounds.map(({ bare }) => bare.clientShare));
  const [share, loggedShare] = [shareOf("bare"), shareOf("logged")];
  // Of the answer that nothing changed it is asked that the database is left alone.
  const judged = vehicles === LEAST_SHARE.vehicles && contest.ours.status === 200;
  return [
    {
      section: SECTION,
      what: contest.what,
      value: share,
      measured: share.toFixed(2),
      figures:
        `${perS("ours")} against ${perS("bare")}/s (client busy ${(client * 100).toFixed(0)} %); ` +
        `${shareOf("object").toFixed(2)} of a bare handler that asks a bare object, ${perS("object")}/s`,
    },
    {
      section: SECTION,
      what: `${contest.what}, if the bare handler writes the same line to the log`,
      value: loggedShare,
      measured: loggedShare.toFixed(2),
      ...(judged ? { bound: `≥ ${LEAST_SHARE.share}`, holds: loggedShare >= LEAST_SHARE.share } : {}),
      figures: `${perS("logged")}/s with the line, which the local runtime hands to this process`,
    },
  ];
}

const run = ({ url, headers, status }: Target) => load(url, headers, status, ROUNDS.roundMs);
