import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { message } from "../fill.ts";
import { templates } from "../fleet.ts";
import { heapMb } from "../inspector.ts";
import { ItemStream } from "../items.ts";
import type { Line } from "../report.ts";
import { BROWSER, get } from "./answer.ts";
import type { ShownFleet } from "./fleet.ts";

const SECTION = "What a LiveMap needs while every vehicle moves every minute and somebody watches";

/** What one isolate may take; the map shares it with its Worker. */
const MEMORY_MB = 128;

const WATCH_MS = 30_000;
/** Snapshots are seconds apart: at this distance every write is seen. */
const LOOK_EVERY_MS = 100;
/** As the polls cut them: 64 KB. */
const ITEMS_PER_MESSAGE = 94;

/** Weighs memory, and counts the rows that the object writes to its storage. */
export async function measureUpkeep(fleet: ShownFleet): Promise<Line[]> {
  const { vehicles, product, served } = fleet;
  const before = await heapMb(served.runtime, "product");
  const items = new ItemStream(templates(vehicles), Date.now());
  const writes = await served.runtime.getQueueProducer("WRITES", "product");
  const storage = await openStorage(served.stateFolder);
  const messages = (vehicles / ITEMS_PER_MESSAGE) * (WATCH_MS / 60_000);
  const startMs = performance.now();
  let rows = 0;
  let bytes = 0;
  let sent = 0;
  let known = storage.rows();
  let highest = before;
  for (let tookMs = 0; tookMs < WATCH_MS; tookMs = performance.now() - startMs) {
    for (; sent < (tookMs / WATCH_MS) * messages; sent++) {
      await writes.send(message("location", 10_000 + sent, items.next(ITEMS_PER_MESSAGE)));
      await get(new URL("/v1/live?format=columns", product), { "accept-encoding": BROWSER });
    }
    const now = storage.rows();
    for (const [key, { hash, size }] of now) {
      if (known.get(key)?.hash === hash) continue;
      rows += 1;
      bytes += size;
    }
    known = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  highest = Math.max(highest, await heapMb(served.runtime, "product"));
  storage.close();
  const perHour = (rows / WATCH_MS) * 3_600_000;
  const what = `${vehicles.toLocaleString("en")} vehicles`;
  return [
    {
      section: SECTION,
      what: `${what}, memory of the isolate`,
      value: highest,
      measured: `${highest.toFixed(0)} MB`,
      bound: `≤ ${MEMORY_MB} MB`,
      holds: highest <= MEMORY_MB,
      figures: `heap after a collection and buffers; ${before.toFixed(0)} MB before`,
    },
    {
      section: SECTION,
      what: `${what}, rows written to its storage`,
      value: perHour,
      measured: `${perHour.toFixed(0)}/h`,
      figures: `${rows} in ${WATCH_MS / 1000} s, alarms included; ${(bytes / 1e6).toFixed(1)} MB`,
    },
  ];
}

/** Rows of the object's storage, by key. */
async function openStorage(stateFolder: string) {
  const folder = join(stateFolder, "do", "product-LiveMap");
  const file = (await readdir(folder)).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  if (file === undefined) throw new Error(`No object has stored anything in ${folder}`);
  const database = new DatabaseSync(join(folder, file), { readOnly: true });
  const select = database.prepare(
    "select key, value from _cf_KV union all select 'metadata ' || key, cast(value as blob) from _cf_METADATA",
  );
  return {
    rows: () =>
      new Map(
        select.all().map(({ key, value }) => {
          const content = Buffer.from(value as Uint8Array);
          return [
            String(key),
            { hash: createHash("md5").update(content).digest("hex"), size: content.length },
          ];
        }),
      ),
    close: () => database.close(),
  };
}
