import { within } from "../../../shared/time.ts";
import type { BenchDatabase } from "../cluster.ts";
import { heapMb } from "../inspector.ts";
import type { Line } from "../report.ts";
import { type Served, serve } from "../served.ts";
import { productWorker } from "../workers.ts";
import { ask } from "./ask.ts";
import { TRACKS } from "./questions.ts";

const SECTION = "What the Worker's isolate needs while tracks are downloaded";

/** Half of what an isolate has. Also the limit of the runtime's heap. */
const MOST_MB = 64;

/** What 31 days may need beside one, if it hangs on nothing but a page. */
const FLAT = 1.5;

/** A look that fails or is not answered by then is given up for another; of a runtime that died the downloads tell. */
const LOOK_PATIENCE_MS = 2_000;

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
    return [
      line("of a day, one after the other", dayMb, MOST_MB),
      line("of 31 days", monthMb, Math.min(MOST_MB, FLAT * dayMb.highestMb)),
      line("of 31 days, four at once", fourMb, MOST_MB),
    ];
  } finally {
    await served.stop();
  }
}

interface Weight {
  highestMb: number;
  looks: number;
}

/** Looks again and again for as long as something takes. */
async function weigh({ runtime }: Served, act: () => Promise<unknown>): Promise<Weight> {
  let isOver = false;
  const weight = { highestMb: 0, looks: 0 };
  const acting = act().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const look = heapMb(runtime, "product").catch(() => undefined);
    const mb = await within(look, LOOK_PATIENCE_MS);
    if (mb === undefined) continue;
    weight.highestMb = Math.max(weight.highestMb, mb);
    weight.looks += 1;
  }
  await acting;
  return weight;
}

function line(what: string, { highestMb, looks }: Weight, mostMb: number): Line {
  return {
    section: SECTION,
    what,
    value: highestMb,
    measured: `${highestMb.toFixed(1)} MB`,
    bound: `≤ ${mostMb.toFixed(1)} MB`,
    holds: highestMb <= mostMb,
    figures: `heap after a collection and buffers, the highest of ${looks} looks; the heap could not grow beyond ${MOST_MB} MB`,
  };
}
