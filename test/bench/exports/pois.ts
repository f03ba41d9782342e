import { stat } from "node:fs/promises";
import { join } from "node:path";
import { exportPoisCommand } from "../../../scripts/export-pois.ts";
import { openOsmFile } from "../../../scripts/pois/blocks.ts";
import { callCommand } from "../../setup/command.ts";
import { country } from "../../setup/osm-country.ts";
import { writeOsmFile } from "../../setup/osm-file.ts";
import { interleave, median, medianRatio } from "../measure.ts";
import type { Line } from "../report.ts";
import { peakMb } from "./memory.ts";
import { memoryLine, timed } from "./rows.ts";

/** Of nodes. Kenya has some 45 million. */
const MILLIONS = 50;
const ROUNDS = { warmUp: 0, rounds: 3 };

/** Takes fuel stations out of a country: how fast, and in how much memory when it is ten times as large. */
export async function measurePois(folder: string): Promise<Line[]> {
  const [large, small] = [join(folder, "large.osm.pbf"), join(folder, "small.osm.pbf")];
  writeOsmFile(large, country(MILLIONS));
  writeOsmFile(small, country(MILLIONS / 10));
  const megabytes = (await stat(large)).size / 1e6;
  const section = `export-pois, ${megabytes.toFixed(0)} MB with ${MILLIONS} million nodes, beside unpacking its blocks once`;
  const words = (file: string) => [file, "--amenity", "fuel", "--out", join(folder, "pois.geojson")];
  const times = await interleave(
    { pois: timed(() => find(words(large))), unpack: timed(() => unpack(large)) },
    ROUNDS,
  );
  const share = medianRatio(times.unpack, times.pois);
  const perS = (ms: number[]) => `${((megabytes / median(ms)) * 1_000).toFixed(0)} MB/s`;
  const peaks = {
    few: await peakMb("scripts/export-pois.ts", words(small)),
    all: await peakMb("scripts/export-pois.ts", words(large)),
  };
  return [
    {
      ...{ section, what: "fuel stations, nodes and ways", value: share, measured: share.toFixed(2) },
      figures: `${perS(times.pois)} against ${perS(times.unpack)}`,
    },
    memoryLine(section, "memory at ten times the file", peaks),
  ];
}

async function find(words: string[]): Promise<void> {
  const { code, stderr } = await callCommand(exportPoisCommand, words);
  if (code !== 0) throw new Error(`export-pois ended with ${code}: ${stderr}`);
}

async function unpack(path: string): Promise<void> {
  const file = openOsmFile(path);
  try {
    for await (const _ of file.unpacked(file.data()));
  } finally {
    file.close();
  }
}
