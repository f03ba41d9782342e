import { readdir, readFile } from "node:fs/promises";
import type { BenchDatabase } from "../cluster.ts";
import { PRICES } from "../cost/prices.ts";
import { OPERATIONS_OF_A_MESSAGE } from "../cost/usage.ts";
import type { Line } from "../report.ts";
import { serve } from "../served.ts";
import { productWorker } from "../workers.ts";
import { GpsBodies, TOKEN } from "./bodies.ts";

const SECTION = "pushed fixes, from the door to the disk";
const VEHICLES = 1_000;
const FIXES = 60_000;
const ITEMS = [1, 10, 100];
const AT_ONCE = 16;

/** Pushes fixes and waits until they are rows. */
export async function measureThrough(database: BenchDatabase): Promise<Line[]> {
  const lines: Line[] = [];
  for (const items of ITEMS) lines.push(...(await through(database, items)));
  return lines;
}

async function through({ sql, urls }: BenchDatabase, items: number): Promise<Line[]> {
  await sql`truncate tracksolid.position_history, tracksolid.live_positions, private.receipts`;
  const fixes = items === 1 ? FIXES / 10 : FIXES;
  const served = await serve(urls, [{ name: "product", ...productWorker({}, { PUSH_TOKENS: TOKEN }) }]);
  try {
    const url = new URL("/pushgps", await served.url("product"));
    const bodies = new GpsBodies(VEHICLES, Date.now() - 6 * 3_600_000);
    const cpuBefore = await workerdCpuS();
    const startMs = performance.now();
    let left = fixes / items;
    const sender = async () => {
      while (left > 0) {
        left -= 1;
        const response = await fetch(url, {
          method: "POST",
          body: bodies.next(items),
          headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        if (!response.ok) throw new Error(`/pushgps answered ${response.status}`);
        await response.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
    const answeredMs = performance.now() - startMs;
    const rows = async () => Number((await sql`select count(*) from tracksolid.position_history`)[0]?.count);
    while ((await rows()) < fixes) await new Promise((resolve) => setTimeout(resolve, 20));
    const writtenMs = performance.now() - startMs;
    const cpuUs = ((await workerdCpuS()) - cpuBefore) * 1e6;
    const [sums] = await sql`select count(*)::int as messages from private.receipts`;
    const messages = Number(sums?.messages);
    const operations = (messages * OPERATIONS_OF_A_MESSAGE * 1e6) / fixes;
    const requests = 1e6 / items;
    const dollars = (operations * PRICES.queueOperations.dollars + requests * PRICES.requests.dollars) / 1e6;
    return [
      {
        section: SECTION,
        what: `${items} ${items === 1 ? "item" : "items"} a body`,
        value: fixes / (writtenMs / 1000),
        measured: `${Math.round(fixes / (writtenMs / 1000)).toLocaleString("en")} rows/s`,
        figures:
          `${fixes.toLocaleString("en")} fixes answered in ${(answeredMs / 1000).toFixed(1)} s, written after ${(writtenMs / 1000).toFixed(1)} s; ` +
          `${(cpuUs / fixes).toFixed(0)} µs of the runtime's CPU a fix; ` +
          `a million fixes: ${(operations / 1e6).toFixed(3)} M queue operations, $${dollars.toFixed(2)} with the requests`,
      },
    ];
  } finally {
    await served.stop();
  }
}

/** Processor time of every workerd of ours so far, s: door, broker and writer. */
export async function workerdCpuS(): Promise<number> {
  const TICKS_PER_S = 100;
  let ticks = 0;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
    if (name !== "workerd" || rest === undefined) continue;
    const fields = rest.split(" ");
    if (fields[1] === String(process.pid)) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_S;
}
