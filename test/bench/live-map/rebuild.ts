import type { Line } from "../report.ts";
import { BROWSER, get } from "./answer.ts";
import type { ShownFleet } from "./fleet.ts";

const SECTION = "First answer of a LiveMap that has just started";

/** The snapshot is stored within five seconds of a change, at the next alarm. */
const UNTIL_STORED_MS = 7_000;

/** Times the first answer of an object that was never there before, and of one that left a snapshot. Comes first. */
export async function measureRebuild({ vehicles, product, served }: ShownFleet): Promise<Line[]> {
  const firstAnswer = async (how: string): Promise<Line> => {
    const startMs = performance.now();
    const { status } = await get(new URL("/v1/live?format=columns", product), { "accept-encoding": BROWSER });
    const tookMs = performance.now() - startMs;
    if (status !== 200) throw new Error(`/v1/live answered ${status}`);
    return {
      section: SECTION,
      what: `${vehicles.toLocaleString("en")} vehicles, ${how}`,
      value: tookMs,
      measured: `${tookMs.toFixed(0)} ms`,
      figures: "columns, brotli; read from the database and compressed included",
    };
  };
  await get(new URL("/health", product), {});
  const lines = [await firstAnswer("nothing stored")];
  await new Promise((resolve) => setTimeout(resolve, UNTIL_STORED_MS));
  await served.runtime.unsafeEvictDurableObject("product", "LiveMap", { name: "fleet" });
  lines.push(await firstAnswer("with a snapshot"));
  return lines;
}
