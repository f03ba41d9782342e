import type { BenchDatabase } from "../cluster.ts";
import type { Line } from "../report.ts";
import { serve } from "../served.ts";
import { type Weight, weigh, weightLine } from "../weigh.ts";
import { productWorker } from "../workers.ts";
import { ask } from "./ask.ts";
import { TRACKS } from "./questions.ts";

const SECTION = "What the Worker's isolate needs while tracks are downloaded";

/** Half of what an isolate has. Also the limit of the runtime's heap. */
const MOST_MB = 64;

/** What 31 days may need beside one, if it hangs on nothing but a page. */
const FLAT = 1.5;

/** As many as are looked at for about as long as one of 31 days. */
const TRACKS_OF_A_DAY = 15;

/** Weighs the isolate while tracks pass through it. */
export async function measureMemory({ urls }: BenchDatabase): Promise<Line[]> {
  const served = await serve(urls, [{ name: "product", ...productWorker() }], {
    inspectorPort: 0,
    heapLimitMb: MOST_MB,
  });
  try {
    const product = await served.url("product");
    const [day, month] = [new URL(TRACKS.day.path, product), new URL(TRACKS.month.path, product)];
    const dayMb = await weigh(served, async () => {
      for (let download = 0; download < TRACKS_OF_A_DAY; download++) await ask(day);
    });
    const monthMb = await weigh(served, () => ask(month));
    const fourMb = await weigh(served, () => Promise.all([month, month, month, month].map(ask)));
    const line = (what: string, weight: Weight, mostMb = MOST_MB) =>
      weightLine({ section: SECTION, what, weight, mostMb, limitMb: MOST_MB });
    return [
      line("of a day, one after the other", dayMb),
      line("of 31 days", monthMb, Math.min(MOST_MB, FLAT * dayMb.highestMb)),
      line("of 31 days, four at once", fourMb),
    ];
  } finally {
    await served.stop();
  }
}
