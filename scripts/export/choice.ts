import type postgres from "postgres";
import { imei } from "../../shared/tickets/fields.ts";
import { instantOf, iso, readBorder } from "../parity/span.ts";
import type { Relation } from "./catalog.ts";

/** Which rows are wanted. */
export interface Choice {
  /** A day of the fleet (2026-01-15), or an instant in UTC. */
  from: string | undefined;
  to: string | undefined;
  imeis: string[];
  /** The column that a span is of. */
  by: string | undefined;
}

/** Reads what was asked for. @throws with what to write instead */
export function readChoice(values: {
  from?: string | undefined;
  to?: string | undefined;
  imei?: string[] | undefined;
  by?: string | undefined;
}): Choice {
  const imeis = [...new Set(values.imei ?? [])];
  for (const text of imeis) {
    const { error } = imei.safeParse(text);
    if (error) throw new Error(`--imei "${text}" ${error.issues[0]?.message}.`);
  }
  const [from, to] = [readBorder("--from", values.from), readBorder("--to", values.to)];
  if (values.by !== undefined && from === undefined && to === undefined) {
    throw new Error("--by names the column of a span: give --from or --to, too.");
  }
  return { from, to, imeis, by: values.by };
}

const quoted = (texts: string[]) => texts.map((text) => `'${text}'`).join(", ");

/** @returns the conditions of a choice, as SQL. @throws where a relation has no such columns */
export async function conditionsOf(sql: postgres.Sql, relation: Relation, choice: Choice): Promise<string[]> {
  const conditions: string[] = [];
  if (choice.imeis.length > 0) {
    const column = relation.columns.find(({ name }) => name === "imei");
    if (!column) throw new Error(`${relation.name} has no column imei: leave --imei out.`);
    conditions.push(`${column.expression} in (${quoted(choice.imeis)})`);
  }
  if (choice.from === undefined && choice.to === undefined) return conditions;
  const { expression, kind, name } = timeColumn(relation, choice.by);
  const borders = kind === "day" ? daysOf(name, choice) : await instantsOf(sql, choice);
  if (borders.from !== undefined && borders.to !== undefined && borders.from >= borders.to) {
    throw new Error(`--from (${borders.from}) has to be before --to (${borders.to}), the first left out.`);
  }
  if (borders.from !== undefined) conditions.push(`${expression} >= '${borders.from}'`);
  if (borders.to !== undefined) conditions.push(`${expression} < '${borders.to}'`);
  return conditions;
}

type Borders = Pick<Choice, "from" | "to">;

/** The column that a span is of: the one that was named, the first of the key, or the only one that it can be. */
function timeColumn(relation: Relation, by: string | undefined) {
  const times = relation.columns.filter(({ kind }) => kind === "instant" || kind === "day");
  const names = times.map(({ name }) => name).join(", ");
  if (by !== undefined) {
    const named = times.find(({ name }) => name === by);
    if (named) return named;
    throw new Error(
      `${relation.name} has no column "${by}" of days or instants${names && `; it has ${names}`}.`,
    );
  }
  const ofKey = relation.key.map((key) => times.find(({ name }) => name === key)).find((column) => column);
  const found =
    ofKey ?? times.find(({ name }) => name === "day") ?? (times.length === 1 ? times[0] : undefined);
  if (found) return found;
  throw new Error(
    times.length === 0
      ? `${relation.name} has no column of days or instants: leave --from and --to out.`
      : `${relation.name} has several columns that a span can be of: say --by and one of ${names}.`,
  );
}

function daysOf(name: string, { from, to }: Borders): Borders {
  for (const border of [from, to]) {
    if (border !== undefined && border.length !== 10) {
      throw new Error(`${name} is a column of days: --from and --to are days (2026-01-15).`);
    }
  }
  return { from, to };
}

/** Days begin in the zone of the fleet. */
async function instantsOf(sql: postgres.Sql, { from, to }: Borders): Promise<Borders> {
  const [row] = await sql.unsafe<{ from: string | null; to: string | null }[]>(
    `select ${iso(instantOf("$1::text"))} as from, ${iso(instantOf("$2::text"))} as to from tracksolid.fleet`,
    [from ?? null, to ?? null],
  );
  if (!row) throw new Error("The table tracksolid.fleet has no row: run npm run db:migrate.");
  return { from: row.from ?? undefined, to: row.to ?? undefined };
}

/** IMEIs that are those of no device: a digit that was mistyped shows. */
export async function unknownImeis(sql: postgres.Sql, imeis: string[]): Promise<string[]> {
  if (imeis.length === 0) return [];
  const rows = await sql.unsafe<{ imei: string }[]>(
    `select imei from tracksolid.devices where imei in (${quoted(imeis)})`,
  );
  return imeis.filter((wanted) => !rows.some((row) => row.imei === wanted));
}
