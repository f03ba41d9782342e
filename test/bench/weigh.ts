import { within } from "../../shared/time.ts";
import { heapMb } from "./inspector.ts";
import type { Line } from "./report.ts";
import type { Served } from "./served.ts";

/** A look that fails or is not answered by then is given up for another; of a runtime that died what is asked tells. */
const LOOK_PATIENCE_MS = 2_000;

/** What the product's isolate needed. */
export interface Weight {
  highestMb: number;
  looks: number;
}

/** Looks again and again for as long as something takes. */
export async function weigh({ runtime }: Served, act: () => Promise<unknown>): Promise<Weight> {
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

/** @param of `limitMb`: beyond what the runtime's heap could not grow. */
export const weightLine = (of: {
  section: string;
  what: string;
  weight: Weight;
  mostMb: number;
  limitMb: number;
}): Line => ({
  section: of.section,
  what: of.what,
  value: of.weight.highestMb,
  measured: `${of.weight.highestMb.toFixed(1)} MB`,
  bound: `≤ ${of.mostMb.toFixed(1)} MB`,
  holds: of.weight.highestMb <= of.mostMb,
  figures: `heap after a collection and buffers, the highest of ${of.weight.looks} looks; the heap could not grow beyond ${of.limitMb} MB`,
});
