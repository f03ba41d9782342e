import { fixKey } from "./merge.ts";
import type { ReadItem, ReadMessage } from "./parse.ts";

/** What became of an item: it changed a row, brought nothing new, or could not become a record. */
export const OUTCOMES = { w: "written", d: "duplicate", r: "rejected" } as const;
export type OutcomeLetter = keyof typeof OUTCOMES;

/** Tests whether a statement inserted or changed the row of a table with a key. */
export type WasWritten = (table: string, key: string) => boolean;

/**
 * What became of each item, a letter an item, in the order of the messages. Of several items that say the same, the
 * first is the one that wrote it.
 */
export function outcomesOf(messages: ReadMessage[], wasWritten: WasWritten): string[] {
  const credited = new Set<string>();
  const credit = (table: string, key: string): boolean => {
    const name = `${table} ${key}`;
    if (credited.has(name) || !wasWritten(table, key)) return false;
    credited.add(name);
    return true;
  };
  return messages.map(({ items }) => items.map((item) => letterOf(item, credit)).join(""));
}

function letterOf(item: ReadItem, credit: WasWritten): OutcomeLetter {
  if (item.rejection) return "r";
  // Records of our own: nobody else tells the same.
  if (item.run || item.sweep || item.address) return "w";
  // Every row is credited, also after the first: what this item wrote no other did.
  const wrote = rowsOf(item).map(([table, key]) => credit(table, key));
  return wrote.includes(true) ? "w" : "d";
}

/** Tables and keys of the rows that an item becomes. */
function rowsOf({ fix, contact, device, audit, facts = {} }: ReadItem): [table: string, key: string][] {
  const rows: [string, string][] = [];
  if (fix) rows.push(["fixes", fixKey(fix)]);
  if (contact) rows.push(["live", contact.imei]);
  if (device) rows.push(["devices", device.imei]);
  if (audit) rows.push(["audits", audit.id]);
  for (const [table, told] of Object.entries(facts)) {
    for (const { key } of told) rows.push([table, key]);
  }
  return rows;
}
