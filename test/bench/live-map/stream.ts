import { fork } from "node:child_process";
import { on } from "node:events";
import { join } from "node:path";
import { message } from "../fill.ts";
import { templates } from "../fleet.ts";
import { ItemStream } from "../items.ts";
import { median } from "../measure.ts";
import type { Line } from "../report.ts";
import type { ShownFleet } from "./fleet.ts";

const CLIENTS = 500;
const SECTION = `Commit of a batch until its last byte is at each of ${CLIENTS} streams that acknowledge`;
const ROUNDS = { warmUp: 2, rounds: 10 };

/** Shorter messages are not about the whole fleet: a vehicle fell silent meanwhile. */
const LEAST_BYTES_PER_VEHICLE = 40;

/** What a vehicle that moved takes of a message. */
const BYTES_PER_VEHICLE = 70;

/** Times the way from the writer's commit to the clients, and that of equal bytes from an object that only sends. */
export async function measureStream(fleet: ShownFleet): Promise<Line[]> {
  const { vehicles, product, bare, served } = fleet;
  const leastBytes = vehicles * LEAST_BYTES_PER_VEHICLE;
  const writes = await served.runtime.getQueueProducer("WRITES", "product");
  const items = new ItemStream(templates(vehicles), Date.now());
  const stream = await watch(new URL("/v1/live/stream", product), leastBytes);
  // Whoever opens a stream gets the whole map first.
  await stream.next();
  const ours = await time(stream, async (round) => {
    const committed = fleet.nextCommitMs();
    await writes.send(message("location", 1_000 + round, items.next(vehicles)));
    return committed;
  });
  const text = "x".repeat(vehicles * BYTES_PER_VEHICLE);
  const limit = await time(await watch(new URL("/stream", bare), leastBytes), async () => {
    const startMs = Date.now();
    await fetch(new URL("/tell", bare), { method: "POST", body: text });
    return startMs;
  });
  return [
    {
      section: SECTION,
      what: `${vehicles} vehicles`,
      value: ours.p99,
      measured: show(ours),
      figures: `equal bytes from an object that only sends: ${show(limit)}`,
    },
  ];
}

/** Clients of a stream. */
interface Watchers {
  /** When the next message reached each of them, ms since the epoch. */
  next(): Promise<number[]>;
  stop(): void;
}

async function watch(url: URL, leastBytes: number): Promise<Watchers> {
  url.protocol = "ws:";
  const options = [url.href, String(CLIENTS), String(leastBytes)];
  const child = fork(join(import.meta.dirname, "watchers.ts"), options);
  const gone = new AbortController();
  child.once("exit", () => gone.abort(new Error("The clients of the stream ended")));
  const told = on(child, "message", { signal: gone.signal });
  const next = async () => ((await told.next()) as { value: [unknown] }).value[0];
  await next();
  return { next: async () => ((await next()) as { arrivals: number[] }).arrivals, stop: () => child.kill() };
}

/**
 * Medians over the rounds.
 * @param send Has something sent. @returns From when it counts, ms since the epoch.
 */
async function time(watchers: Watchers, send: (round: number) => Promise<number>): Promise<Percentiles> {
  const rounds: number[][] = [];
  try {
    for (let round = 0; round < ROUNDS.warmUp + ROUNDS.rounds; round++) {
      const arrived = watchers.next();
      const startMs = await send(round);
      const arrivals = await arrived;
      if (round >= ROUNDS.warmUp) rounds.push(arrivals.map((atMs) => atMs - startMs).sort((a, b) => a - b));
    }
  } finally {
    watchers.stop();
  }
  const at = (share: number) =>
    median(rounds.map((times) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN));
  return { p50: at(0.5), p99: at(0.99) };
}

interface Percentiles {
  p50: number;
  p99: number;
}

const show = ({ p50, p99 }: Percentiles) => `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
