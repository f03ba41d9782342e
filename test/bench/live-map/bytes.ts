import type { Line } from "../report.ts";
import { get } from "./answer.ts";
import type { ShownFleet } from "./fleet.ts";

const SECTION = "GET /v1/live, bytes as they travel (brotli)";

/** Columns of the first fleet, the one that phones on bad lines ask for. */
const MOST_BYTES = { vehicles: 150, bytes: 2_600 };

/** Weighs both forms. */
export async function measureBytes({ vehicles, product }: ShownFleet): Promise<Line[]> {
  const lines: Line[] = [];
  for (const form of ["columns", "geojson"]) {
    const url = new URL(`/v1/live?format=${form}`, product);
    const size = async (encoding: string) => (await get(url, { "accept-encoding": encoding })).body.length;
    const [plain, gzip, brotli] = [await size("identity"), await size("gzip"), await size("br")];
    const judged = form === "columns" && vehicles === MOST_BYTES.vehicles;
    lines.push({
      section: SECTION,
      what: `${vehicles.toLocaleString("en")} vehicles, ${form}`,
      value: brotli,
      measured: `${brotli.toLocaleString("en")} bytes`,
      ...(judged
        ? { bound: `≤ ${MOST_BYTES.bytes.toLocaleString("en")}`, holds: brotli <= MOST_BYTES.bytes }
        : {}),
      figures: `gzip ${gzip.toLocaleString("en")}, plain ${plain.toLocaleString("en")}`,
    });
  }
  return lines;
}
