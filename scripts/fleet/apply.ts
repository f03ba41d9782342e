import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type postgres from "postgres";
import { nowMs, toIso } from "../../shared/time.ts";
import { inTransaction } from "../database/transaction.ts";
import { takeTurn } from "../import/turn.ts";
import { type Change, keyOf, type Line, type Plan, planOf, readKeys, rowsOf } from "./plan.ts";
import { TABLES, type Table, type TableName, tableOf } from "./tables.ts";
import { Wrong } from "./values.ts";

const writer = join(resolve(import.meta.dirname, "../.."), "workers", "writer");

/** The statement of the writer is made for batches: it looks through all of them for each. */
const DRIVERS_AT_ONCE = 500;

/**
 * Does what the lines say; where one has a fault nothing, or what the others say. They are compared and written with the table
 * locked: 3 s for 15,000 vehicles with their drivers.
 */
export async function applyLines(
  sql: postgres.Sql,
  name: TableName,
  columns: string[],
  lines: Line[],
  skipBad = false,
): Promise<Plan> {
  const table = tableOf(name);
  return inTransaction(sql, true, async (tx) => {
    await takeTurn(tx, table.relation);
    await tx.unsafe(`lock table ${table.relation} in share row exclusive mode`);
    const plan = await planOf(tx, name, columns, lines);
    if ((plan.faults.length > 0 && !skipBad) || plan.changes.length === 0) return plan;
    await tx.unsafe(table.write, [JSON.stringify(plan.changes.map(({ after }) => after))]);
    if (table.driver) await noteDrivers(tx, table.driver, plan.changes);
    return plan;
  });
}

/** Takes a row away. @throws Wrong where rows stay, or there is none */
export async function removeRow(
  sql: postgres.Sql,
  name: TableName,
  keys: string[],
  apply: boolean,
): Promise<void> {
  const table = tableOf(name);
  if (!table.remove) throw new Wrong(`A ${table.noun} is not taken away here: ${table.madeBy}.`);
  const named = Object.fromEntries(table.keys.map((key, index) => [key, keys[index] ?? ""]));
  const key = keyOf(table, readKeys(table, named));
  const rows = await rowsOf(sql, name);
  const row = rows.find((known) => keyOf(table, known) === key);
  if (!row) throw new Wrong(`There is no ${table.noun} ${key}.`);
  const [first = ""] = table.keys;
  // Of a shift the last day is what others refer to.
  if (rows.filter((known) => known[first] === row[first]).length === 1)
    await refuseUsed(sql, name, row[first]);
  if (apply) await sql.unsafe(table.remove, [JSON.stringify([row])]);
}

/** @throws Wrong where rows refer to this one */
async function refuseUsed(sql: postgres.Sql, name: TableName, key: string | null | undefined): Promise<void> {
  for (const [other, { keys, columns }] of Object.entries(TABLES) as [TableName, Table][]) {
    const column = Object.keys(columns).find((column) => columns[column]?.of === name);
    if (column === undefined) continue;
    const users = (await rowsOf(sql, other)).filter((row) => row[column] === key);
    if (users.length === 0) continue;
    const [first = ""] = keys;
    throw new Wrong(
      `${key} is the ${column} of ${users.length} ${other}, of ${users[0]?.[first]} for one: give them another first.`,
    );
  }
}

/**
 * Whom the company names drives from now on, and the vendor is not heard until the naming is given back. The statements
 * are the writer's own, with the vehicle's turn taken as it does.
 */
async function noteDrivers(
  tx: postgres.TransactionSql,
  { name, phone }: NonNullable<Table["driver"]>,
  changes: Change[],
): Promise<void> {
  const at = toIso(nowMs());
  const sightings = changes
    .filter(({ columns }) => columns.some((column) => column.name === name || column.name === phone))
    .map(({ before, after }) => ({
      ...{ key: `${after.imei} ${at}`, imei: after.imei, at },
      driverName: after[name] ?? before?.[name],
      driverPhone: after[phone] ?? null,
      source: after[name] === null ? "returned" : "own",
    }))
    // Days are locked in the order in which the writer locks them.
    .sort((a, b) => (String(a.imei) < String(b.imei) ? -1 : 1));
  if (sightings.length === 0) return;
  const run = async (setting: string, rows: unknown[], file: string) => {
    await tx`select set_config(${`tracksolid.${setting}`}, ${JSON.stringify(rows)}, true)`;
    return tx.unsafe(await readFile(join(writer, file), "utf8"));
  };
  await run("turns", [...new Set(sightings.map(({ imei }) => imei))], "facts/turns.sql");
  const imeis = new Map(sightings.map(({ key, imei }) => [key, imei]));
  for (let from = 0; from < sightings.length; from += DRIVERS_AT_ONCE) {
    const some = sightings.slice(from, from + DRIVERS_AT_ONCE);
    const concerned = await run("driverSightings", some, "facts/driver-sightings.sql");
    const days = concerned.map(({ key, changed_from, changed_to }) => ({
      ...{ imei: imeis.get(key), from: changed_from, to: changed_to },
    }));
    await run("dirty_days", days, "dirty-days.sql");
  }
}
