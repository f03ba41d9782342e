import { extname } from "node:path";
import { type Command, runFromTerminal } from "./command.ts";
import { writeOut } from "./export/output.ts";
import { ATTRIBUTION, poiCollection, poiLines } from "./pois/files.ts";
import { findPois, type Poi } from "./pois/find.ts";
import { readWanted } from "./pois/match.ts";

const FORMS: Record<string, (pois: Poi[]) => AsyncIterable<string>> = {
  ".geojson": poiCollection,
  ".csv": poiLines,
};

const options = {
  amenity: { type: "string" },
  brand: { type: "string" },
  tag: { type: "string", multiple: true },
  out: { type: "string", multiple: true },
} as const;

export const exportPoisCommand: Command<typeof options> = {
  help: `Takes places out of an extract of OpenStreetMap, such as download.geofabrik.de has of every country, whatever its size.

  npm run export-pois -- kenya.osm.pbf --amenity fuel --brand Shell --out shell.geojson --out shell.csv
  npm run -s export-pois -- kenya.osm.pbf --tag shop=car_repair > workshops.geojson

  --amenity VALUE   places with this value of the tag amenity: fuel, parking, car_wash
  --brand NAME      of this brand; where nobody noted one, with this operator; without either, with these words in their name
  --tag KEY=VALUE   with this tag, whatever its value where that is *; may be given several times
  --out FILE        a .geojson or a .csv, there when it is whole; may be given for both. GeoJSON on the standard output without it

All that is given has to fit, in capitals or not; of several values in a tag (fuel;car_wash) one. A place is a node, the middle of a
way, or that of the outer ways of a relation. Who shows these places has to name their source: © OpenStreetMap contributors (ODbL).

Nothing is changed but the files of --out. Ends with 1 where the file is none, or is cut short; then nothing is written. See
docs/tools.md.`,
  options,
  takes: (words) => words.length === 1,
  async run({ words: [path = ""], values, log, error, table, result, progress }) {
    const wanted = readWanted(values);
    const outs = [...new Set(values.out ?? [])];
    for (const out of outs) {
      if (!Object.hasOwn(FORMS, extname(out).toLowerCase()))
        throw new Error(`--out ${out} is neither .geojson nor .csv.`);
    }
    if (outs.length === 0 && values.json)
      throw new Error("--json says what was written to files: name one with --out.");
    const { pois, without } = await findPois(path, wanted, progress);
    // What is said must not be in the GeoJSON.
    const say = outs.length === 0 ? error : log;
    const files: { file: string; places: number; bytes: number }[] = [];
    for (const out of outs) {
      const { bytes } = await writeOut(out, formOf(out)(pois));
      files.push({ file: out, places: pois.length, bytes });
    }
    if (outs.length === 0) {
      const { isCut } = await writeOut(undefined, poiCollection(pois));
      if (isCut) return 0;
    }
    if (without > 0)
      say(`${without} more match, and the file has no node of them: they are where it was cut.`);
    say(ATTRIBUTION);
    if (outs.length === 0) say(`${pois.length} places`);
    else table(files);
    result({ places: pois.length, without, files, attribution: ATTRIBUTION });
    return 0;
  },
};

const formOf = (out: string) => FORMS[extname(out).toLowerCase()] ?? poiCollection;

if (import.meta.main) await runFromTerminal(exportPoisCommand);
