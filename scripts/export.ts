import { extname } from "node:path";
import type postgres from "postgres";
import { nowMs } from "../shared/time.ts";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { findRelation, type Relation, readable, readRelations } from "./export/catalog.ts";
import { conditionsOf, readChoice, unknownImeis } from "./export/choice.ts";
import { type Batch, beginReading, copyRows } from "./export/copied.ts";
import { csvOf } from "./export/csv.ts";
import { collectionOf, legFeatures, needsPlace, rowFeatures } from "./export/geojson.ts";
import { gpxOf } from "./export/gpx.ts";
import { writeOut } from "./export/output.ts";
import { type Losses, parquetOf } from "./export/parquet.ts";
import { readNames, trackQuery, trackRelation } from "./export/track.ts";

const FORMATS = ["csv", "parquet", "geojson", "gpx"] as const;
type Format = (typeof FORMATS)[number];

const options = {
  format: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  by: { type: "string" },
  imei: { type: "string", multiple: true },
  out: { type: "string" },
  exact: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
} as const;
type ExportCall = DatabaseCall<typeof options>;

export const exportCommand = databaseCommand({
  help: `Writes a table, a view or the tracks of vehicles to a file, whatever their size: rows are not held in memory.

  npm run -s export -- --list
  npm run -s export -- trips --from 2026-01-01 --to 2026-02-01 > trips.csv
  npm run export -- reporting.vehicle_day --out days.parquet
  npm run export -- track --from 2026-01-15 --to 2026-01-16 --imei 861000000000001 --out day.gpx
  npm run export -- geofences --out geofences.geojson

  --format FORMAT  csv, parquet, geojson (of what has lat and lng, or a geometry) or gpx (of track); that of the name of the file
                   unless it is given, or csv
  --from, --to     a day in the zone of the fleet (2026-01-15) or a time with its zone (2026-01-15T06:00Z); --to is the first
                   left out
  --by COLUMN      the column that these are of, where the key does not say it
  --imei IMEI      this vehicle alone; may be given several times
  --out FILE       there when it is whole; the standard output without it, but for parquet
  --list           what this role may export; with a name, its columns and what they mean
  --exact          csv for programs: a text that begins with = + - or @ stays as it is, without the ' that keeps a spreadsheet from
                   calculating it

track is the fixes that a map draws, in order, cut where nobody knows the way: csv and parquet have a row for each, geojson a line
for each way and day of a vehicle, gpx a track for each vehicle and day. All rows are of one moment.

DATABASE_URL is a direct connection as one that reads: backup_ro, or dashboard_ro or analytics_ro, whose statements end after 30 s
and who may not read the schema private. Nothing is changed there. Ends with 1 where nothing is written. See docs/tools.md.`,
  options,
  takes: (words) => words.length <= 1,
  async run(call) {
    const { sql, words, values, error } = call;
    const [what] = words;
    if (what === undefined && !values.list) {
      error("Say what to export: --list says what there is, --help how.");
      return 2;
    }
    await beginReading(sql);
    const relations = await readRelations(sql);
    const track = trackRelation(relations);
    if (values.list) list(call, track ? [track, ...relations] : relations);
    else await write(call, what === "track" && track ? track : findRelation(relations, what ?? ""));
    return 0;
  },
});

function list({ words: [what], log, result }: ExportCall, relations: Relation[]): void {
  if (what === undefined) {
    const rows = readable(relations).map(({ name, comment }) => ({ name, what: comment }));
    result(rows);
    for (const { name, what: comment } of rows) log(`${name.padEnd(36)} ${comment ?? ""}`.trimEnd());
    return;
  }
  const { name, comment, columns } =
    relations.find((relation) => relation.name === what) ?? findRelation(relations, what);
  result({ name, what: comment, columns: columns.map(({ name, comment }) => ({ name, what: comment })) });
  log(`${name}: ${comment ?? "nobody says what it is"}`);
  for (const column of columns) log(`  ${column.name.padEnd(24)} ${column.comment ?? ""}`.trimEnd());
}

async function write(call: ExportCall, relation: Relation): Promise<void> {
  const { sql, values, log, error, table, result, progress } = call;
  const { out } = values;
  const format = readFormat(values.format, out);
  if (values.exact && format !== "csv")
    throw new Error("--exact is for csv: other formats have every text as it is.");
  if (out === undefined && format === "parquet")
    throw new Error("Parquet is for files: name one with --out.");
  if (out === undefined && values.json)
    throw new Error("--json says what was written to a file: name one with --out.");
  const isTrack = relation.name === "track";
  if (format === "gpx" && !isTrack)
    throw new Error("GPX is for the track: npm run export -- track --format gpx.");
  if (format === "geojson" && !isTrack) needsPlace(relation);
  if (isTrack && values.by !== undefined && values.by !== "gps_time")
    throw new Error("--from and --to are of gps_time, where it is the track: leave --by out.");
  const choice = readChoice(values);
  const conditions = await conditionsOf(sql, relation, choice);
  // What is said here must not be among the rows.
  const say = out === undefined ? error : log;
  for (const imei of await unknownImeis(sql, choice.imeis)) say(`${imei} is no device that is known.`);
  if (relation.hidden.length > 0) {
    say(`This role may not read all of ${relation.name}: without ${relation.hidden.join(", ")}.`);
  }

  const losses: Losses = { empty: new Map(), rounded: new Map() };
  const startMs = nowMs();
  const bar = progress(`rows of ${relation.name}`);
  let rows = 0;
  const copy = copyRows(sql, isTrack ? trackQuery(conditions) : selectOf(relation, conditions));
  const counted = counting(copy.batches, (count) => {
    rows += count;
    bar.add(count);
  });
  const { bytes, isCut } = await chunksOf(sql, format, relation, counted, {
    ...{ isExact: values.exact, isTrack, losses },
  })
    .then((chunks) => writeOut(out, chunks))
    .catch(refuse)
    .finally(() => {
      bar[Symbol.dispose]();
      return copy.stop();
    });
  if (isCut) return;

  const seconds = (nowMs() - startMs) / 1_000;
  const rate = `${(bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1)} MB/s`;
  for (const line of tell(losses)) say(line);
  if (out === undefined) error(`${relation.name}: ${rows} rows, ${bytes} bytes, ${rate}`);
  else table([{ what: relation.name, format, rows, bytes, rate, file: out }]);
  const lost = { empty: Object.fromEntries(losses.empty), rounded: Object.fromEntries(losses.rounded) };
  result({ what: relation.name, format, file: out, rows, bytes, seconds, ...lost });
}

function readFormat(named: string | undefined, out: string | undefined): Format {
  const wanted =
    named ??
    extname(out ?? "")
      .slice(1)
      .toLowerCase();
  const format = FORMATS.find((known) => known === wanted);
  if (format) return format;
  if (named !== undefined) throw new Error(`There is no format "${named}". Formats: ${FORMATS.join(", ")}.`);
  return "csv";
}

const selectOf = ({ quoted, columns }: Relation, conditions: string[]) =>
  `select ${columns.map(({ expression }) => expression).join(", ")} from ${quoted}${
    conditions.length > 0 ? ` where ${conditions.join(" and ")}` : ""
  }`;

interface How {
  isExact: boolean;
  isTrack: boolean;
  losses: Losses;
}

async function chunksOf(
  sql: postgres.Sql,
  format: Format,
  { columns }: Relation,
  batches: AsyncIterable<Batch>,
  { isExact, isTrack, losses }: How,
): Promise<AsyncIterable<string | Uint8Array>> {
  switch (format) {
    case "csv":
      return csvOf(columns, batches, isExact);
    case "parquet":
      return parquetOf(columns, batches, losses);
    case "geojson":
      return collectionOf(
        isTrack ? legFeatures(batches, await readNames(sql)) : rowFeatures(columns, batches),
      );
    case "gpx":
      return gpxOf(batches, await readNames(sql));
  }
}

async function* counting(batches: AsyncIterable<Batch>, count: (rows: number) => void) {
  for await (const batch of batches) {
    count(batch.length);
    yield batch;
  }
}

/** Says what may be done about it, where it is known. */
function refuse(error: Error & { code?: string }): never {
  if (error.code !== "57014") throw error;
  throw new Error(
    `${error.message}: take a shorter span, or connect as backup_ro, whose statements may take any time.`,
  );
}

function* tell({ empty, rounded }: Losses): Generator<string> {
  for (const [name, count] of empty) {
    yield `${name}: ${count} values have no form in Parquet, such as infinity, and are null. CSV has them.`;
  }
  for (const [name, count] of rounded) {
    yield `${name}: ${count} values have more digits than a double, and are rounded. CSV has them all.`;
  }
}

if (import.meta.main) await runFromTerminal(exportCommand);
