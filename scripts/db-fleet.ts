import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { applyLines, removeRow } from "./fleet/apply.ts";
import { writeCsv } from "./fleet/csv.ts";
import { type Line, type Plan, planOf, rowsOf } from "./fleet/plan.ts";
import { isTable, TABLES, type TableName, tableOf } from "./fleet/tables.ts";
import { Wrong } from "./fleet/values.ts";
import { changeOf } from "./import/master.ts";
import { lineOf } from "./import/outcome.ts";

const options = { apply: { type: "boolean", default: false } } as const;
type FleetCall = DatabaseCall<typeof options>;

const columnsOf = (name: TableName) => Object.keys(tableOf(name).columns).join(", ");

export const fleetCommand = databaseCommand({
  help: `Keeps what the company knows of its fleet and the vendor does not.

  npm run -s db:fleet -- export [TABLE] > FILE.csv               which npm run import takes back
  npm run db:fleet -- set [TABLE] KEY… COLUMN=VALUE… [--apply]   KEY: an IMEI, a type, a shift and its weekday, …
  npm run db:fleet -- remove TABLE KEY… [--apply]                not vehicles

  TABLE is vehicles unless named:
${Object.keys(TABLES)
  .map((name) => `    ${name.padEnd(9)} ${columnsOf(name as TableName)}`)
  .join("\n")}

  --apply  do it; without, say what would change

Columns that are not named stay as they are; an empty value empties. Nothing is done while one is wrong. DATABASE_URL is a direct connection as tracksolid_owner.`,
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
  if (verb === "remove") return words.length === keys;
  return (
    verb === "set" && words.length > keys && words.slice(keys).every((word) => /^[a-z_0-9]+=/i.test(word))
  );
}

async function carryOut(call: FleetCall): Promise<void> {
  const { sql, values, log, result } = call;
  const { verb, table, words } = read(call.words);
  if (verb === "export") {
    const rows = await rowsOf(sql, table);
    // Rows are for programs already.
    if (values.json) result({ table, rows });
    else log(writeCsv(Object.keys(tableOf(table).columns), rows).replace(/\n$/, ""));
  } else if (verb === "remove") {
    await removeRow(sql, table, words, values.apply);
    log(`${words.join(" ")} ${values.apply ? "is gone" : "would go. Add --apply to do it"}.`);
    result({ table, applied: values.apply, removed: words });
  } else {
    const { columns, line } = said(table, words);
    const plan = await (values.apply ? applyLines : planOf)(sql, table, columns, [line]);
    tell(plan, call);
  }
}

/** The words of `set` as the line of a file. */
function said(table: TableName, words: string[]): { columns: string[]; line: Line } {
  const { keys } = tableOf(table);
  const pairs = words.slice(keys.length).map((word) => {
    const at = word.indexOf("=");
    return [word.slice(0, at).toLowerCase(), word.slice(at + 1).trim()] as const;
  });
  const named = keys.map((key, index) => [key, words[index] ?? ""] as const);
  const all = [...named, ...pairs];
  return {
    columns: all.map(([name]) => name),
    line: { place: words.slice(0, keys.length).join(" "), values: Object.fromEntries(all) },
  };
}

function tell({ changes, unchanged, faults }: Plan, { values, log, error, result }: FleetCall): void {
  if (faults.length > 0) {
    for (const { reason } of faults) error(reason);
    throw new Wrong("Nothing was changed.");
  }
  const told = changes.map(changeOf);
  for (const change of told) log(lineOf(change));
  const done = values.apply ? "changed" : "would change";
  const more = values.apply || changes.length === 0 ? "" : " Add --apply to do it.";
  log(`${changes.length} ${done}, ${unchanged} are as they should be.${more}`);
  result({ applied: values.apply, changes: told, unchanged });
}

if (import.meta.main) await runFromTerminal(fleetCommand);
