import { connect, createServer, type Socket } from "node:net";
import type { Browser } from "playwright-core";
import { message } from "../fill.ts";
import { templates } from "../fleet.ts";
import { ItemStream } from "../items.ts";
import type { ShownFleet } from "../live-map/fleet.ts";
import type { Line } from "../report.ts";
import { visit } from "./visit.ts";

const SECTION = "What an open live page reads while every vehicle reports each 10 s, on the wire";
const MOST_BYTES_PER_S = 2_000;

/** Each second a tenth of the fleet has news. */
const TURNS = 10;
const SETTLE_MS = 8_000;
const MEASURE_MS = 30_000;

/** Counts what the page reads, the stream's frames as they are packed, and all it asks for beside. */
export async function measureNews(browser: Browser, fleet: ShownFleet): Promise<Line[]> {
  const counter = await startCounter(fleet.product);
  const visited = await visit(browser, counter.url);
  await visited.when("full");
  const writes = await fleet.served.runtime.getQueueProducer("WRITES", "product");
  const items = new ItemStream(templates(fleet.vehicles), Date.now());
  let sequence = 5_000;
  let isSending = true;
  const sending = (async () => {
    while (isSending) {
      const turn = items.next(Math.ceil(fleet.vehicles / TURNS));
      await Promise.all([writes.send(message("location", sequence++, turn)), pause(1000)]);
    }
  })();
  await pause(SETTLE_MS);
  const [bytesBefore, messagesBefore, startMs] = [
    counter.bytes(),
    visited.messages.length,
    performance.now(),
  ];
  await pause(MEASURE_MS);
  const perS = (counter.bytes() - bytesBefore) / ((performance.now() - startMs) / 1000);
  const messages = visited.messages.slice(messagesBefore);
  isSending = false;
  await sending;
  await visited.close();
  await counter.close();
  return [
    {
      section: SECTION,
      what: `${fleet.vehicles} vehicles`,
      value: perS,
      measured: `${perS.toFixed(0)} bytes/s`,
      bound: `≤ ${MOST_BYTES_PER_S.toLocaleString("en")}`,
      holds: perS <= MOST_BYTES_PER_S,
      figures: `${MEASURE_MS / 1000} s; ${messages.length} messages of the stream, ${messages.reduce((sum, length) => sum + length, 0).toLocaleString("en")} bytes before they were packed`,
    },
  ];
}

interface Counter {
  url: URL;
  /** What has gone to the browser. */
  bytes(): number;
  close(): Promise<void>;
}

/** Stands between the browser and a server. */
async function startCounter(target: URL): Promise<Counter> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    server.on("data", (data) => {
      bytes += data.length;
    });
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    bytes: () => bytes,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
