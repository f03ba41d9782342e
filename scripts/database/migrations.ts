import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";
import { exists, keptNames, stepsLeft } from "./adopted.ts";
import { withOwnNames } from "./own-names.ts";

/** One numbered SQL file of `migrations/`. */
export interface Migration {
  number: number;
  /** File name, e.g. `0002_devices.sql`. */
  file: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal. */
  checksum: string;
  /** `administrator` runs as whoever connects (roles, extensions); `owner` as `tracksolid_owner`. */
  runAs: "administrator" | "owner";
}

/** A tree or a database that must not be migrated; the message says what to do. */
export class MigrationRefused extends Error {
  override name = "MigrationRefused";
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Key of the lock that keeps two runners apart, and `db:roles` and `db:adopt` from both. Migrations use a direct connection, so it holds. */
export const LOCK_KEY = 7_720_265_001;

/** SQL of the list of applied migrations. */
export const LEDGER = `
  create schema if not exists private;
  create table if not exists private.migrations (
    number      integer primary key,
    file        text not null,
    checksum    text not null,
    applied_at  timestamptz not null default clock_timestamp(),
    duration_ms integer not null
  );
  comment on table private.migrations is 'Migrations applied to this database.';
  comment on column private.migrations.number is 'Number of the file.';
  comment on column private.migrations.file is 'File name when it was applied.';
  comment on column private.migrations.checksum is 'SHA-256 of the file when it was applied.';
  comment on column private.migrations.applied_at is 'When (UTC).';
  comment on column private.migrations.duration_ms is 'How long it took, ms.';
`;

/**
 * Reads the migrations of a folder in the order of their numbers.
 * @throws MigrationRefused for a name that is not `NNNN_words.sql` and for a number used twice.
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort()) {
    if (file === "schema.sql") continue;
    const number = Number(FILE_NAME.exec(file)?.[1] ?? Number.NaN);
    if (Number.isNaN(number)) {
      throw new MigrationRefused(`${file} is not named NNNN_words.sql: rename it.`);
    }
    const twin = migrations.find((other) => other.number === number);
    if (twin) {
      throw new MigrationRefused(
        `${twin.file} and ${file} share number ${number}: give the newer one the next free number.`,
      );
    }
    const sql = await readFile(join(folder, file), "utf8");
    migrations.push({
      number,
      file,
      sql,
      checksum: createHash("sha256").update(sql).digest("hex"),
      runAs: sql.startsWith("-- run-as: administrator\n") ? "administrator" : "owner",
    });
  }
  return migrations;
}

/**
 * Applies what is missing, each file in its own transaction. Safe when two runners start together: the
 * second waits for the first and finds nothing to do.
 *
 * @param sql A direct connection (never through a pooler), as an administrator on the first run and as
 *   an administrator or `tracksolid_owner` later.
 * @returns The files applied now.
 * @throws MigrationRefused when an applied file was edited or removed, or a new one has a number below
 *   an applied one.
 */
export async function migrate(
  sql: postgres.Sql,
  migrations: Migration[],
  onApplied: (migration: Migration, durationMs: number) => void = () => {},
): Promise<Migration[]> {
  return alone(sql, async (connection) => {
    if (!(await exists(connection, "private.migrations"))) {
      await connection.unsafe(LEDGER).simple();
    }
    const pending = await findPending(connection, migrations);
    const kept = await keptNames(connection, true);
    for (const migration of pending) {
      onApplied(migration, await apply(connection, migration, kept));
    }
    return pending;
  });
}

/** Works on one connection while no other runner does. */
export async function alone<Result>(
  sql: postgres.Sql,
  work: (connection: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const connection = await sql.reserve();
  // The owner's lock_timeout is for the migrations; the other runner may take as long as it needs.
  await connection`set lock_timeout = 0`;
  await connection`select pg_advisory_lock(${LOCK_KEY})`;
  await connection`reset lock_timeout`;
  try {
    return await work(connection);
  } finally {
    await connection`select pg_advisory_unlock(${LOCK_KEY})`;
    connection.release();
  }
}

/**
 * The numbers of what was applied, in their order.
 * @throws MigrationRefused where one of them is not in this tree, or not as it was applied, and where an adoption is not through.
 */
export async function readApplied(sql: postgres.Sql, migrations: Migration[]): Promise<number[]> {
  const applied = await sql<{ number: number; file: string; checksum: string }[]>`
    select number, file, checksum from private.migrations order by number`;
  for (const row of applied) {
    const migration = migrations.find((candidate) => candidate.number === row.number);
    if (!migration) {
      throw new MigrationRefused(
        `${row.file} was applied to this database but is not in this tree: deploy the tree that holds it.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationRefused(
        `${migration.file} was edited after it was applied: restore it and put the change into a new file.`,
      );
    }
  }
  await refuseUnfinished(sql);
  return applied.map(({ number }) => number);
}

async function findPending(sql: postgres.Sql, migrations: Migration[]): Promise<Migration[]> {
  const applied = await readApplied(sql, migrations);
  const last = applied.at(-1) ?? 0;
  const pending = migrations.filter(({ number }) => !applied.includes(number));
  const late = pending.find(({ number }) => number < last);
  if (late) {
    throw new MigrationRefused(
      `${late.file} comes before number ${last}, which is already applied: give it the next free number.`,
    );
  }
  return pending;
}

/** An adopted database (`npm run db:adopt`) has its keys only when that is done. */
async function refuseUnfinished(sql: postgres.Sql): Promise<void> {
  const left = await stepsLeft(sql);
  if (left > 0) {
    throw new MigrationRefused(`${left} steps of the adoption are left: npm run db:adopt -- --apply`);
  }
}

/** Roles belong to the server, and the lock to a database: who migrates another one at that moment may change the same role. */
const MET_ANOTHER = "tuple concurrently updated";

const MOST_TRIES = 5;

const apply = (sql: postgres.Sql, migration: Migration, kept: string[]): Promise<number> =>
  runFile(
    sql,
    migration,
    kept,
    (durationMs) => sql`
      insert into private.migrations (number, file, checksum, duration_ms)
      values (${migration.number}, ${migration.file}, ${migration.checksum}, ${durationMs})`,
  );

/**
 * Runs a file as its role, in one transaction with what it means for the ledger.
 * @returns how long the file took, ms
 */
export async function runFile(
  sql: postgres.Sql,
  file: Pick<Migration, "file" | "sql" | "runAs">,
  kept: string[],
  note: (durationMs: number) => PromiseLike<unknown>,
  tries = MOST_TRIES,
): Promise<number> {
  const startedAt = performance.now();
  try {
    await sql.unsafe("begin").simple();
    if (file.runAs === "owner") {
      // With its lock_timeout, which only a log-in brings: whoever wants the table queues behind who waits for its lock.
      await sql.unsafe("set local role tracksolid_owner; set local lock_timeout = '10s'").simple();
    }
    await sql.unsafe(withOwnNames(file.sql, kept)).simple();
    // Never 0, which tells those that came with an adoption.
    const durationMs = Math.ceil(performance.now() - startedAt);
    // The ledger is written by whoever connects: the first file has yet to give it to the owner.
    await sql.unsafe("reset role").simple();
    await note(durationMs);
    await sql.unsafe("commit").simple();
    return durationMs;
  } catch (error) {
    await sql.unsafe("rollback").simple();
    if (tries > 1 && (error as Error).message === MET_ANOTHER)
      return runFile(sql, file, kept, note, tries - 1);
    throw new Error(`${file.file} failed and was rolled back: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
