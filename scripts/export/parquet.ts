import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { Column, Kind } from "./catalog.ts";
import type { Batch, Value } from "./copied.ts";
import { isoInstant } from "./forms.ts";

/** A row group is made in memory: so many rows, or so many characters of them where they are long. */
const GROUP_ROWS = 20_000;
const GROUP_CHARACTERS = 8_000_000;

const DAY_MS = 86_400_000;
/** So many a double always has. */
const DIGITS = 15;

type Cell = string | number | bigint | boolean;
type Type = Pick<SchemaElement, "type" | "converted_type" | "logical_type">;

/** A value as Parquet has it; null where it has no form of it. */
type Form = (text: string) => Cell | null;

/** Microseconds since 1970, of the years that have four digits. */
function micros(text: string): bigint | null {
  const iso = isoInstant(text).replace(" ", "T").replace(/Z$/, "");
  const [, seconds, decimals = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(iso) ?? [];
  if (seconds === undefined) return null;
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000n + BigInt(decimals.padEnd(6, "0"));
}

const number: Form = (text) =>
  text.endsWith("Infinity") ? (text[0] === "-" ? -Infinity : Infinity) : Number(text);

/** Whether a double has every digit of a number. */
function isExact(text: string): boolean {
  const digits = text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "");
  return digits.length <= DIGITS || String(Number(text)) === text;
}

const TYPES: Record<Kind, Type & { form: Form }> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", form: (text) => text },
  // By its logical type alone: with the converted one the writer takes values for objects, and writes them anew.
  json: { type: "BYTE_ARRAY", logical_type: { type: "JSON" }, form: (text) => text },
  instant: {
    ...{ type: "INT64", converted_type: "TIMESTAMP_MICROS" },
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    form: micros,
  },
  "local-time": {
    ...{ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" } },
    form: micros,
  },
  day: {
    ...{ type: "INT32", converted_type: "DATE" },
    form: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / DAY_MS : null),
  },
  boolean: { type: "BOOLEAN", form: (text) => text === "t" },
  integer: { type: "INT32", form: Number },
  bigint: { type: "INT64", form: BigInt },
  real: { type: "FLOAT", form: number },
  double: { type: "DOUBLE", form: number },
  numeric: { type: "DOUBLE", form: number },
};

/** What a file could not hold as it is: by the name of a column, how many values. */
export interface Losses {
  /** They are null: an infinite time, a year before Christ. */
  empty: Map<string, number>;
  /** They are rounded to the digits of a double. */
  rounded: Map<string, number>;
}

const count = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1);

/** Rows as Parquet, a row group at a time. */
export async function* parquetOf(columns: Column[], batches: AsyncIterable<Batch>, losses: Losses) {
  const writer = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, kind }): SchemaElement => {
      const { form: _, ...type } = TYPES[kind];
      return { name, repetition_type: "OPTIONAL", ...type };
    }),
  ];
  const file = new ParquetWriter({ writer, schema, createdBy: "tracksolid-edge" });
  const forms = columns.map((column) => cellOf(column, losses));
  let group: Batch = [];
  let characters = 0;

  /** Writes what is gathered, and takes the bytes out of the writer. */
  const write = async () => {
    const columnData = columns.map(({ name }, index) => ({
      name,
      data: group.map((row) => forms[index]?.(row[index] ?? null) ?? null),
      // Pages are found by it, which one page a column needs not; in memory it grows with the file.
      offsetIndex: false,
    }));
    await file.write({ columnData, rowGroupSize: GROUP_ROWS });
    group = [];
    characters = 0;
    return taken();
  };
  const taken = () => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };

  for await (const batch of batches) {
    for (const row of batch) {
      group.push(row);
      for (const value of row) characters += value?.length ?? 0;
      if (group.length >= GROUP_ROWS || characters >= GROUP_CHARACTERS) yield await write();
    }
  }
  if (group.length > 0) yield await write();
  await file.finish();
  yield taken();
}

function cellOf({ name, kind }: Column, { empty, rounded }: Losses): (value: Value) => Cell | null {
  const { form } = TYPES[kind];
  return (value) => {
    if (value === null) return null;
    const cell = form(value);
    if (cell === null) count(empty, name);
    else if (kind === "numeric" && !isExact(value)) count(rounded, name);
    return cell;
  };
}
