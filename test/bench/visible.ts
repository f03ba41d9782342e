import { vendorSettings, World } from "../setup/world.ts";
import { startSimulator } from "../simulator/server.ts";
import type { BenchCluster } from "./cluster.ts";
import { median } from "./measure.ts";
import type { Line } from "./report.ts";
import { productWorker, type Running, startWorkers } from "./workers.ts";

const SECTION = "Poll tick until /v1/live shows its fixes of all accounts, 150 vehicles in 3 accounts";
const PRODUCT = "tracksolid-edge-dev";
const LIVE_CRON = "* * * * *";
const WARM_UP = 1;
const ROUNDS = 5;

/** The fleet lives faster than the clock, so that every tick finds new fixes in every account. */
const FLEET = { vehicles: 150, daysBack: 2, speed: 120 };

const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 20_000;

/** Until the queue is empty: what is left of a round must not travel with the next. */
const BETWEEN_ROUNDS_MS = 3_500;

/** `max_batch_timeout` of the writes queue in wrangler.toml. */
const BATCH_TIMEOUT_S = 1;

interface Round {
  visibleS: number;
  /** When the vendor's last list was asked for. */
  askedS: number;
  /** When the tick's handler was done. */
  sentS: number;
}

/** Times the way of a fix from the vendor to the map, through everything there is. */
export async function measureVisible(cluster: BenchCluster): Promise<Line[]> {
  const { urls } = await cluster.create("visible");
  const simulator = await startSimulator();
  const world = await World.make(simulator.url, FLEET);
  const { TRACKSOLID_API_URL = "", TRACKSOLID_TARGETS = "", ...secrets } = vendorSettings(world.info);
  const workers = await startWorkers(urls, [
    productWorker({ TRACKSOLID_API_URL, TRACKSOLID_TARGETS }, secrets),
  ]);
  try {
    const rounds: Round[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const times = await timeRound(workers, world);
      if (round >= 0) rounds.push(times);
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ROUNDS_MS));
    }
    return [describe(rounds)];
  } finally {
    await workers.stop();
    await simulator.close();
  }
}

function describe(rounds: Round[]): Line {
  const visibleS = median(rounds.map((round) => round.visibleS));
  const askedS = median(rounds.map((round) => round.askedS));
  const sentS = median(rounds.map((round) => round.sentS));
  return {
    section: SECTION,
    what: "seconds",
    value: visibleS,
    measured: `${visibleS.toFixed(2)} s`,
    figures:
      `${askedS.toFixed(2)} s until the third call may start (500 ms apart), handler done after ${sentS.toFixed(2)} s, ` +
      `batch timeout ${BATCH_TIMEOUT_S} s; rounds ${rounds.map((round) => round.visibleS.toFixed(2)).join(" ")}`,
  };
}

async function timeRound(workers: Running, world: World): Promise<Round> {
  const before = await newestFixes(workers);
  await world.clearCalls();
  const tickMs = Date.now();
  const handler = workers
    .worker(PRODUCT)
    .scheduled({ cron: LIVE_CRON, scheduledTime: new Date(tickMs) })
    .then(({ outcome }) => {
      if (outcome !== "ok") throw new Error(`The tick ended with ${outcome}`);
      return secondsSince(tickMs);
    });
  const visibleS = await shown(workers, world.info.accounts, before, tickMs);
  const calls = await world.calls("jimi.user.device.location.list");
  const lastCall = calls.at(-1);
  if (calls.length !== world.info.accounts.length || lastCall === undefined) {
    throw new Error(`The tick made ${calls.length} calls for ${world.info.accounts.length} accounts`);
  }
  return { visibleS, askedS: (Date.parse(lastCall.at) - tickMs) / 1000, sentS: await handler };
}

/** Seconds until every account shows a newer fix than before. The fixes of an account travel in one message. */
async function shown(
  workers: Running,
  accounts: string[],
  before: Map<string, string>,
  tickMs: number,
): Promise<number> {
  for (;;) {
    const now = await newestFixes(workers);
    if (accounts.every((account) => (now.get(account) ?? "") > (before.get(account) ?? ""))) {
      return secondsSince(tickMs);
    }
    if (Date.now() - tickMs > PATIENCE_MS) throw new Error("The tick's fixes did not appear on /v1/live");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Newest `fixAt` per account. */
async function newestFixes(workers: Running): Promise<Map<string, string>> {
  const response = await workers.worker(PRODUCT).fetch("http://bench/v1/live");
  const { features } = (await response.json()) as {
    features: { properties: { account: string; fixAt: string | null } }[];
  };
  const newest = new Map<string, string>();
  for (const { account, fixAt } of features.map(({ properties }) => properties)) {
    if (fixAt !== null && fixAt > (newest.get(account) ?? "")) newest.set(account, fixAt);
  }
  return newest;
}

const secondsSince = (ms: number): number => (Date.now() - ms) / 1000;
