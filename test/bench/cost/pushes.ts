import type { Stand } from "../past/stand.ts";
import { TOKEN } from "../pushes/bodies.ts";
import { BODIES, type BodySize, type Counted, type PushCost } from "./counted.ts";
import { causedBy, metered, objectGbS, operations, type Reading } from "./metered.ts";
import { sum } from "./usage.ts";

/** Of the fleet's past: what was pushed of it comes once. */
const SPAN_S = 30 * 60;

/** What a push of each size causes, from half an hour of the simulated fleet each. */
export async function countPushes(stand: Stand): Promise<Pick<Counted, "push" | "notesPerS" | "alarmsPerS">> {
  const url = (await stand.served.url("product")).href;
  const nowS = Math.floor(Date.now() / 1_000);
  const push = {} as Record<BodySize, PushCost>;
  let longest: Reading | undefined;
  for (const [index, itemsPerBody] of BODIES.entries()) {
    // What was polled is newer: the live map would hear of nothing.
    await stand.sql`truncate tracksolid.live_positions`;
    const toS = nowS - (BODIES.length - 1 - index) * SPAN_S;
    let items = 0;
    const reading = await metered(stand.served, async () => {
      const { total } = await stand.world.push({ url, token: TOKEN, fromS: toS - SPAN_S, toS, itemsPerBody });
      if (total.lost > 0) throw new Error(`${total.lost} of ${total.items} pushed items were not taken`);
      items = total.items;
    });
    push[itemsPerBody] = costOf(reading, items);
    if (reading.tookS > (longest?.tookS ?? 0)) longest = reading;
  }
  const perS = (cause: string) =>
    (longest?.counts[cause]?.objectRequests ?? 0) / (longest?.tookS ?? Number.NaN);
  return { push, notesPerS: perS("Tally.note"), alarmsPerS: perS("LiveMap.alarm") };
}

function costOf(reading: Reading, items: number): PushCost {
  const { counts } = reading;
  const bodies = counts.fetch?.requests ?? 0;
  const writer = Object.keys(counts).find((cause) => cause.startsWith("tracksolid-writes")) ?? "";
  const batches = counts[writer]?.requests ?? 0;
  const { archiveGb, ...batch } = causedBy(counts[writer]);
  const mean = (cause: string) =>
    sum([causedBy(counts[cause]), 1 / Math.max(1, counts[cause]?.objectRequests ?? 0)]);
  return {
    body: sum([causedBy(counts.fetch), 1 / bodies], [{ queueOperations: operations(reading) }, 1 / bodies]),
    batch: sum([batch, 1 / batches], [causedBy(counts["LiveMap.hint"]), 1 / batches]),
    note: mean("Tally.note"),
    alarm: mean("LiveMap.alarm"),
    item: sum([{ archiveGb, cpuMs: reading.cpuS * 1_000, objectGbS: objectGbS(reading) }, 1 / items]),
  };
}
