import { readFile } from "node:fs/promises";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { applyLines, removeRow } from "./fleet/apply.ts";
import { type Line, readCsv, writeCsv } from "./fleet/csv.ts";
import { type Plan, planOf, rowsOf } from "./fleet/plan.ts";
import { isTable, TABLES, type TableName, tableOf } from "./fleet/tables.ts";
import { Wrong } from "./fleet/values.ts";

/** More say no more. */
const MOST_TOLD = 200;

const options = { apply: { type: "boolean", default: false } } as const;
type FleetCall = DatabaseCall<typeof options>;

const columnsOf = (name: TableName) => Object.keys(tableOf(name).columns).join(", ");

export const fleetCommand = databaseCommand({
  help: `Keeps what the company knows of its fleet and the vendor does not.

  npm run -s db:fleet -- export [TABLE] > FILE.csv               which an import takes back
  npm run db:fleet -- import [TABLE] FILE.csv [--apply]
  npm run db:fleet -- set [TABLE] KEY… COLUMN=VALUE… [--apply]   KEY: an IMEI, a type, a shift and its weekday, …
  npm run db:fleet -- remove TABLE KEY… [--apply]                not vehicles

  TABLE is vehicles unless named:
${Object.keys(TABLES)
  .map((name) => `    ${name.padEnd(9)} ${columnsOf(name as TableName)}`)
  .join("\n")}

  --apply  do it; without, say what would change

Vehicles are named by imei, or by plate in a file without imei. Columns that a file does not have stay as they are; an empty
cell empties. Nothing is done while a line is wrong. DATABASE_URL is a direct connection as tracksolid_owner.`,
  options,
  takes: (words) => isAsked(read(words)),
  async run(call) {
    await carryOut(call);
    return 0;
  },
});

interface Asked {
  verb: string;
  table: TableName;
  /** What follows the table. */
  words: string[];
}

function read([verb = "", ...words]: string[]): Asked {
  const table = isTable(words[0]) ? (words.shift() as TableName) : "vehicles";
  return { verb, table, words };
}

/** Whether there are as many words as the verb takes. */
function isAsked({ verb, table, words }: Asked): boolean {
  const keys = tableOf(table).keys.length;
  if (verb === "export") return words.length === 0;
  if (verb === "import") return words.length === 1;
  if (verb === "remove") return words.length === keys;
  return (
    verb === "set" && words.length > keys && words.slice(keys).every((word) => /^[a-z_0-9]+=/i.test(word))
  );
}

async function carryOut(call: FleetCall): Promise<void> {
  const { sql, values, log } = call;
  const { verb, table, words } = read(call.words);
  if (verb === "export") {
    const text = writeCsv(Object.keys(tableOf(table).columns), await rowsOf(sql, table));
    log(text.replace(/\n$/, ""));
  } else if (verb === "remove") {
    await removeRow(sql, table, words, values.apply);
    log(`${words.join(" ")} ${values.apply ? "is gone" : "would go. Add --apply to do it"}.`);
  } else {
    const { columns, lines, broken } =
      verb === "import" ? readCsv(await readFile(words[0] as string)) : said(table, words);
    const careful = !values.apply || broken.length > 0;
    const plan = careful
      ? await planOf(sql, table, columns, lines)
      : await applyLines(sql, table, columns, lines);
    const faults = [...broken, ...plan.faults].sort((a, b) => lineOf(a) - lineOf(b));
    tell({ ...plan, faults }, lines.length + broken.length, call);
  }
}

/** The words of `set` as the line of a file. */
function said(table: TableName, words: string[]): { columns: string[]; lines: Line[]; broken: string[] } {
  const { keys } = tableOf(table);
  const pairs = words.slice(keys.length).map((word) => {
    const at = word.indexOf("=");
    return [word.slice(0, at).toLowerCase(), word.slice(at + 1).trim()] as const;
  });
  const named = keys.map((key, index) => [key, words[index] ?? ""] as const);
  const all = [...named, ...pairs];
  const columns = all.map(([name]) => name);
  return { columns, lines: [{ number: 0, values: Object.fromEntries(all) }], broken: [] };
}

function lineOf(fault: string): number {
  return Number(/^line (\d+)/.exec(fault)?.[1] ?? 0);
}

function tell({ changes, unchanged, faults }: Plan, lines: number, { values, log, error }: FleetCall): void {
  if (faults.length > 0) {
    for (const fault of faults.slice(0, MOST_TOLD)) error(fault);
    if (faults.length > MOST_TOLD) error(`and ${faults.length - MOST_TOLD} more`);
    throw new Wrong(`Nothing was changed: ${faults.length} faults in ${lines} lines.`);
  }
  const word = (value: string | null) => value ?? "–";
  for (const { key, before, columns } of changes.slice(0, MOST_TOLD)) {
    const differing = columns.map(({ name, from, to }) => `${name}: ${word(from)} → ${word(to)}`);
    log(`${key}${before ? "" : " (new)"}  ${differing.join("; ")}`);
  }
  if (changes.length > MOST_TOLD) log(`and ${changes.length - MOST_TOLD} more`);
  const done = values.apply ? "changed" : "would change";
  const more = values.apply || changes.length === 0 ? "" : " Add --apply to do it.";
  log(`${changes.length} ${done}, ${unchanged} are as they should be.${more}`);
}

if (import.meta.main) await runFromTerminal(fleetCommand);
