import type postgres from "postgres";
import { type CheckedRow, contradiction, type Problem } from "../../shared/tickets/check.ts";
import {
  insertOf,
  lockTable,
  mergedRows,
  refusedRows,
  sentColumns,
  sentRows,
  strangersOf,
  textOf,
  type Written,
} from "../../shared/tickets/statements.ts";
import type { Target } from "../../shared/tickets/targets.ts";
import { type Bad, type Change, MOST_TOLD } from "./outcome.ts";
import { takeTurn } from "./turn.ts";

/** Vehicles that nobody has heard of are told up to here. */
const MOST_NAMED = 10;

/** Places are numbers behind a word that is the same for all of a file. */
const IN_FILE = "length(place), place";

const NONE: Written = { new: 0, changed: 0, same: 0, older: 0 };

/** What became of rows before they were compared. */
interface Settled {
  bad: Bad;
  /** Rows beside which another of the same key counts: it is newer, or says the same. */
  beside: number;
}

/** Rows on their way into a table, of which the database keeps what memory does not hold. */
export interface Stage {
  /** Takes rows in; those of before are in the database by then. */
  add(rows: CheckedRow[]): Promise<void>;
  /** Once all rows are here: leaves the newest of each key, and takes those out that cannot be. */
  settle(): Promise<Settled>;
  /** What the rows that are left would do. */
  compare(): Promise<{ written: Written; changes: Change[] }>;
  strangers(): Promise<{ count: number; imeis: string[] }>;
  write(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a stage. It is a table of the transaction, which goes with it: nobody else ever sees it, and it is in no log. It is none of
 * the temporary ones, which tracksolid_owner may not make.
 * @param tx A transaction of tracksolid_owner
 * @param writes Whether rows will be written: then nobody else writes between what is compared and that
 * @throws where another import into this target is at work
 */
export async function openStage(
  tx: postgres.TransactionSql,
  target: Target,
  writes: boolean,
): Promise<Stage> {
  const { schema, table, key } = target;
  await takeTurn(tx, `${schema}.${table}`);
  const stage = `private.importing_${table}`;
  const [badRows, mergedStage] = [`${stage}_bad`, `${stage}_merged`];
  const names = ["place", "told_at", "given", "raw", ...Object.keys(target.columns)].join(", ");
  await tx.unsafe(`
    create unlogged table ${stage} (row_number bigint generated always as identity, ${sentColumns(target)})`);
  await tx.unsafe(`create unlogged table ${badRows} (place text, reason text)`);
  const insert = `insert into ${stage} (${names}) select ${names} from (${sentRows(target)}) s`;
  const sent = `select * from ${stage}`;
  const merged = `select * from ${mergedStage}`;
  const keys = (alias: string) => `(${key.map((name) => `${alias}.${name}`).join(", ")})`;
  const values = (alias: string) =>
    `(${["given", ...Object.keys(target.columns)].map((name) => `${alias}.${name}`).join(", ")})`;
  let adding: Promise<unknown> = Promise.resolve();

  /** Leaves of each key the newest row; another that is as new may say nothing else. @returns how many went that contradict nobody */
  async function leaveNewest(): Promise<number> {
    const byKey = (what: string) =>
      `select ${key.join(", ")}, ${what} from ${stage} group by ${key.join(", ")} having count(*) > 1`;
    const older = await tx.unsafe(`
      delete from ${stage} s using (${byKey("max(told_at) as told_at")}) newest
      where ${keys("s")} = ${keys("newest")} and s.told_at < newest.told_at`);
    const firsts = byKey("min(row_number) as row_number");
    const contradicting = await tx.unsafe(`
      insert into ${badRows}
      select s.place, format('${contradiction(target, (name) => name, "%s")}', f.place)
      from (${firsts}) first join ${stage} f using (row_number)
      join ${stage} s on ${keys("s")} = ${keys("first")}
      where ${values("s")} is distinct from ${values("f")}`);
    const others = await tx.unsafe(`
      delete from ${stage} s using (${firsts}) first
      where ${keys("s")} = ${keys("first")} and s.row_number > first.row_number`);
    return older.count + others.count - contradicting.count;
  }

  return {
    async add(rows) {
      await adding;
      if (rows.length === 0) return;
      adding = tx.unsafe(insert, [textOf(rows)]);
      // Told to whoever waits next.
      adding.catch(() => {});
    },
    async settle() {
      await adding;
      await tx.unsafe(`analyze ${stage}`);
      const beside = await leaveNewest();
      if (writes) await lockTable(tx, target);
      await tx.unsafe(`create unlogged table ${mergedStage} as ${mergedRows(target, sent)}`);
      await tx.unsafe(`insert into ${badRows} ${refusedRows(target, merged)}`);
      await tx.unsafe(`delete from ${mergedStage} m using ${badRows} b where b.place = m.place`);
      const [count] = await tx.unsafe<{ rows: number }[]>(
        `select count(distinct place)::int as rows from ${badRows}`,
      );
      const problems = await tx.unsafe<(Problem & postgres.Row)[]>(
        `select place, reason from ${badRows} order by ${IN_FILE} limit ${MOST_TOLD}`,
      );
      return { bad: { rows: count?.rows ?? 0, problems: [...problems] }, beside };
    },
    async compare() {
      const counts = await tx.unsafe<{ fate: keyof Written; rows: number }[]>(
        `select fate, count(*)::int as rows from ${mergedStage} group by fate`,
      );
      const written = { ...NONE, ...Object.fromEntries(counts.map(({ fate, rows }) => [fate, rows])) };
      const changes = written.new + written.changed === 0 ? [] : await changesOf(tx, target, mergedStage);
      return { written, changes };
    },
    async strangers() {
      const found = await tx.unsafe<{ imei: string; count: number }[]>(
        `select imei, count(*) over ()::int as count from (${strangersOf(merged)}) s order by imei limit ${MOST_NAMED}`,
      );
      return { count: found[0]?.count ?? 0, imeis: found.map(({ imei }) => imei) };
    },
    async write() {
      await tx.unsafe(insertOf(target, merged));
    },
    async close() {
      await tx.unsafe(`drop table if exists ${stage}, ${badRows}, ${mergedStage}`);
    },
  };
}

/** The first rows that are new or differ, with what was there. */
async function changesOf(
  tx: postgres.TransactionSql,
  { schema, table, key, columns }: Target,
  mergedStage: string,
): Promise<Change[]> {
  const rows = await tx.unsafe<{ fate: string; before: Row | null; after: Row }[]>(`
    select m.fate, to_jsonb(k) as before, jsonb_set(to_jsonb(m), '{raw}', m.raw::jsonb) as after
    from (
      select * from ${mergedStage} where fate in ('new', 'changed') order by ${IN_FILE} limit ${MOST_TOLD}
    ) m left join ${schema}.${table} k using (${key.join(", ")})
    order by length(m.place), m.place`);
  return rows.map(({ fate, before, after }) => {
    const others = Object.keys(columns).filter((name) => !key.includes(name));
    const differing = differencesOf(others, before, after);
    return {
      key: key.map((name) => after[name]).join(" "),
      isNew: fate === "new",
      // Of what is only kept people are told where nothing else differs.
      columns: differing.length > 0 ? differing : rawDifferencesOf(before?.raw, after.raw),
    };
  });
}

type Row = Record<string, unknown>;

const textOrNull = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

const differencesOf = (names: string[], before: Row | null | undefined, after: Row) =>
  names
    .map((name) => ({ name, from: textOrNull(before?.[name]), to: textOrNull(after[name]) }))
    .filter(({ from, to }) => from !== to);

function rawDifferencesOf(before: unknown, after: unknown): Change["columns"] {
  const [from, to] = [before, after].map((raw) => (raw ?? {}) as Row) as [Row, Row];
  return differencesOf([...new Set([...Object.keys(from), ...Object.keys(to)])], from, to);
}
