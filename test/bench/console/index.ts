import { startBrowser } from "../../setup/browser.ts";
import type { BenchCluster } from "../cluster.ts";
import { showFleet } from "../live-map/fleet.ts";
import type { Line } from "../report.ts";
import { measureFrames } from "./frames.ts";
import { measureNews } from "./stream.ts";
import { measureWeight } from "./weight.ts";

/** The first fleet, and a hundred times as many. */
const FIRST_FLEET = 150;
const LARGE_FLEET = 15_000;

/** Looks at the console in a real Chromium, as who opens it on a phone, and as who has a large fleet. */
export async function measureConsole(cluster: BenchCluster): Promise<Line[]> {
  const browser = await startBrowser();
  const lines: Line[] = [];
  try {
    for (const vehicles of [FIRST_FLEET, LARGE_FLEET]) {
      const fleet = await showFleet(cluster, vehicles, { servesPages: true });
      try {
        if (vehicles === FIRST_FLEET) {
          lines.push(...(await measureWeight(browser, fleet.product)));
          lines.push(...(await measureNews(browser, fleet)));
        } else lines.push(...(await measureFrames(browser, fleet.product, vehicles)));
      } finally {
        await fleet.served.stop();
      }
    }
  } finally {
    await browser.close();
  }
  return lines;
}
