import type postgres from "postgres";
import type { BackedUpTable, Manifest } from "../backup/manifest.ts";
import { SCHEMAS } from "../database/dictionary.ts";

/** A table of the database, with what the backup has of it. */
export interface Planned {
  /** As the server writes it, with its schema. */
  name: string;
  backup: BackedUpTable;
  /** Columns that are copied, in the order of the text, as SQL writes them. */
  columns: string[];
  /** Which of the fields of the text they are; null where they are all. */
  fields: number[] | null;
}

export interface Plan {
  /** What a table refers to comes before it. */
  tables: Planned[];
  /** What the backup has and no migration makes, in words. */
  leftOut: string[];
}

interface Found {
  backedUp: string;
  name: string;
  columns: { name: string; quoted: string }[];
}

/** Finds what the backup has in the database, which is at its level. Names of a manifest are only looked up: what SQL is made of is what the server says. */
export async function planTables(sql: postgres.Sql, { tables }: Manifest): Promise<Plan> {
  const found = await sql<Found[]>`
    select w.name as "backedUp", format('%I.%I', n.nspname, c.relname) as name, (
      select json_agg(json_build_object('name', a.attname, 'quoted', quote_ident(a.attname)) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    ) as columns
    from json_array_elements_text(${JSON.stringify(tables.map(({ name }) => name))}::text::json) as w (name)
    join pg_class c on c.oid = to_regclass(w.name) and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any(${SCHEMAS})`;
  const leftOut: string[] = [];
  const planned = tables.flatMap((backup): Planned[] => {
    const table = found.find(({ backedUp }) => backedUp === backup.name);
    if (!table) {
      leftOut.push(`${backup.name}: ${backup.rows} rows`);
      return [];
    }
    const { name, columns } = table;
    // Whatever was taken over has all columns of ours.
    if (columns.some((column) => !backup.columns.includes(column.name))) {
      leftOut.push(`${backup.name}, another product's table of that name: ${backup.rows} rows`);
      return [];
    }
    const kept = backup.columns.map((wanted) => columns.find((column) => column.name === wanted));
    const missing = backup.columns.filter((_, field) => !kept[field]);
    if (missing.length > 0) leftOut.push(`${name}: the columns ${missing.join(", ")}`);
    return [
      {
        ...{ name, backup },
        columns: kept.flatMap((column) => (column ? [column.quoted] : [])),
        fields: missing.length === 0 ? null : kept.flatMap((column, field) => (column ? [field] : [])),
      },
    ];
  });
  return { tables: inOrder(planned, await references(sql)), leftOut };
}

interface Reference {
  from: string;
  to: string;
}

const references = (sql: postgres.Sql) => sql<Reference[]>`
  select format('%I.%I', fn.nspname, f.relname) as "from", format('%I.%I', tn.nspname, t.relname) as "to"
  from pg_constraint k
  join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
  join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
  where k.contype = 'f' and k.conrelid <> k.confrelid`;

function inOrder(tables: Planned[], all: readonly Reference[]): Planned[] {
  const ordered: Planned[] = [];
  const seen = new Set<Planned>();
  const add = (table: Planned) => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const { from, to } of all) {
      const before = from === table.name ? tables.find(({ name }) => name === to) : undefined;
      if (before) add(before);
    }
    ordered.push(table);
  };
  for (const table of tables) add(table);
  return ordered;
}

/** Some fields of each row of a text as COPY writes it, in which nothing else is a tab or a line end. */
export function pickFields(text: Buffer, fields: number[]): Buffer {
  const rows = text.toString("latin1").split("\n");
  // What comes after the last line end.
  rows.pop();
  const picked = rows.map((row) => {
    const cells = row.split("\t");
    return `${fields.map((field) => cells[field]).join("\t")}\n`;
  });
  return Buffer.from(picked.join(""), "latin1");
}
