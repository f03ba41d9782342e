import type { BenchDatabase } from "../cluster.ts";
import { type Load, load } from "../load.ts";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import { type Served, serve } from "../served.ts";
import { productWorker } from "../workers.ts";
import { GpsBodies, TOKEN } from "./bodies.ts";

const SECTION = "POST /pushgps, requests/s as a share of a bare handler that only calls Queue.send";
const ROUNDS = { warmUp: 1, rounds: 7, roundMs: 400 };

/** Design §7. */
const LEAST_SHARE = 0.6;

/** Items a body: a tracker that reports alone, a small and a full batch of the vendor's. */
const ITEMS = [1, 10, 100];

/** Compares the door with a handler that only sends. Nobody consumes: what is behind the queue is not the door's. */
export async function measureDoor(database: BenchDatabase): Promise<Line[]> {
  const served = await serve(database.urls, [
    { name: "product", ...productWorker({}, { PUSH_TOKENS: TOKEN }), consumes: false },
    { name: "bare", configPath: "test/bench/bare-queue/wrangler.toml" },
  ]);
  try {
    const lines: Line[] = [];
    for (const items of ITEMS) lines.push(...(await compare(served, items)));
    return lines;
  } finally {
    await served.stop();
  }
}

async function compare(served: Served, items: number): Promise<Line[]> {
  const body = new GpsBodies(150, Date.now() - 3_600_000).next(items);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const ours = new URL("/pushgps", await served.url("product"));
  const bare = new URL("/", await served.url("bare"));
  const run = (url: URL) => load(url, headers, 200, ROUNDS.roundMs, body);
  const rounds: { ours: Load; bare: Load }[] = [];
  for (let round = -ROUNDS.warmUp; round < ROUNDS.rounds; round++) {
    const ofBare = await run(bare);
    const ofOurs = await run(ours);
    if (round >= 0) rounds.push({ ours: ofOurs, bare: ofBare });
  }
  const share = median(rounds.map((round) => round.ours.requestsPerS / round.bare.requestsPerS));
  const text = (name: "ours" | "bare") => {
    const middle = (of: (load: Load) => number) => median(rounds.map((round) => of(round[name])));
    const [perS, p50Ms, p99Ms] = [
      middle(({ requestsPerS }) => requestsPerS),
      middle((load) => load.p50Ms),
      middle((load) => load.p99Ms),
    ];
    return `${perS.toFixed(0)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
  };
  return [
    {
      section: SECTION,
      what: `${items} ${items === 1 ? "item" : "items"} a body`,
      value: share,
      measured: share.toFixed(2),
      bound: `≥ ${LEAST_SHARE}`,
      holds: share >= LEAST_SHARE,
      figures: `${text("ours")}; bare ${text("bare")}`,
    },
  ];
}
