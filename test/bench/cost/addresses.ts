import { startNominatim } from "../../nominatim/server.ts";
import type { BenchCluster } from "../cluster.ts";
import { startStand } from "../past/stand.ts";
import { TOKEN } from "../pushes/bodies.ts";
import { METER, metered, usageOf } from "./metered.ts";
import { VARS } from "./polls.ts";
import { sum, type Usage } from "./usage.ts";

/** Two places each, a kilometre apart, so that no two are one to the geocoder. */
const TRIPS = 20;

/** What an address causes, from the end of a trip that was written to the row that has it. */
export async function countAddresses(cluster: BenchCluster): Promise<Usage> {
  const nominatim = await startNominatim();
  const stand = await startStand(cluster, "cost_addresses", {
    world: { vehicles: 2 },
    vars: { GEOCODER_URL: `${nominatim.url}/reverse`, GEOCODER_EMAIL: "bench@example.com", ...VARS },
    before: METER,
  });
  try {
    const url = new URL("/pushtripreport", await stand.served.url("product"));
    const push = async (trips: object[]) => {
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ token: TOKEN, data_list: JSON.stringify(trips) }),
      });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      await response.arrayBuffer();
    };
    const requests = async () =>
      ((await (await fetch(`${nominatim.url}/control/requests`)).json()) as unknown[]).length;
    const reading = await metered(stand.served, async () => {
      await push(Array.from({ length: TRIPS }, (_, number) => tripOf(number)));
      while ((await requests()) < 2 * TRIPS) await new Promise((resolve) => setTimeout(resolve, 250));
    });
    return sum([usageOf(reading), 1 / (2 * TRIPS)]);
  } finally {
    await stand.stop();
    await nominatim.close();
  }
}

function tripOf(number: number) {
  const text = (agoS: number) =>
    new Date(Date.now() - agoS * 1_000).toISOString().slice(0, 19).replace("T", " ");
  return {
    ...{
      deviceImei: "862000000000101",
      startTime: text(3_600 * number + 600),
      endTime: text(3_600 * number + 60),
    },
    ...{ distance: 5_000, startLat: -1.2 - number / 100, startLng: 36.8 },
    ...{ endLat: -1.2 - number / 100, endLng: 36.9 },
  };
}
