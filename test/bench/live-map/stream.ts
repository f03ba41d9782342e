import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
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

/** Times the way from the writer's commit to the clients, and that of equal bytes from an object that only sends. */
export async function measureStream(fleet: ShownFleet): Promise<Line[]> {
  const { vehicles, bare } = fleet;
  const leastBytes = vehicles * LEAST_BYTES_PER_VEHICLE;
  const ours = await watch(new URL("/v1/live/stream", fleet.product), leastBytes, true);
  const writes = await fleet.served.runtime.getQueueProducer("WRITES", "product");
  const items = new ItemStream(templates(vehicles), Date.now());
  const times: number[][] = [];
  try {
    for (let round = -ROUNDS.warmUp; round < ROUNDS.rounds; round++) {
      const committed = fleet.nextCommitMs();
      const arrived = ours.next();
      await writes.send(message("location", 1_000 + round, items.next(vehicles)));
      const commitMs = await committed;
      const arrivals = await arrived;
      if (round >= 0) times.push(arrivals.map((atMs) => atMs - commitMs));
    }
  } finally {
    ours.stop();
  }
  const text = "x".repeat(vehicles * 70);
  const limit = await watch(new URL("/stream", bare), leastBytes, false);
  const limits: number[][] = [];
  try {
    for (let round = -ROUNDS.warmUp; round < ROUNDS.rounds; round++) {
      const arrived = limit.next();
      const startMs = Date.now();
      await fetch(new URL("/tell", bare), { method: "POST", body: text });
      const arrivals = await arrived;
      if (round >= 0) limits.push(arrivals.map((atMs) => atMs - startMs));
    }
  } finally {
    limit.stop();
  }
  const bareMs = percentiles(limits);
  return [
    {
      section: SECTION,
      what: `${vehicles} vehicles`,
      value: percentiles(times).p99,
      measured: show(percentiles(times)),
      figures: `equal bytes from an object that only sends: ${show(bareMs)}`,
    },
  ];
}

interface Watchers {
  /** When the next message reached each client, ms since the epoch. */
  next(): Promise<number[]>;
  stop(): void;
}

async function watch(url: URL, leastBytes: number, sendsAtOnce: boolean): Promise<Watchers> {
  url.protocol = "ws:";
  const child: ChildProcess = fork(join(import.meta.dirname, "watchers.ts"), [
    url.href,
    String(CLIENTS),
    String(leastBytes),
  ]);
  const told = on(child, "message");
  await once(child, "message");
  const next = async () => {
    for (;;) {
      const { value } = (await told.next()) as { value: [unknown] };
      const [what] = value;
      if (what !== "open") return (what as { arrivals: number[] }).arrivals;
    }
  };
  if (sendsAtOnce) await next();
  return { next, stop: () => child.kill() };
}

/** Medians over the rounds. */
function percentiles(rounds: number[][]): { p50: number; p99: number } {
  const at = (share: number) =>
    median(
      rounds.map((times) => times.sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.NaN),
    );
  return { p50: at(0.5), p99: at(0.99) };
}

const show = ({ p50, p99 }: { p50: number; p99: number }) =>
  `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
