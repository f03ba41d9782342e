import type postgres from "postgres";
import { readMigrations } from "../../scripts/database/migrations.ts";

/**
 * Applies one migration to a database that has all of them, with its objects taken away or its grants made before. Files that
 * run from the first migration on would alter the cluster's roles at the same time.
 */
export async function applyAgain(sql: postgres.Sql, wanted: number): Promise<void> {
  const migration = (await readMigrations("migrations")).find(({ number }) => number === wanted);
  if (!migration) throw new Error(`There is no migration ${wanted}`);
  await sql.begin(async (tx) => {
    if (migration.runAs === "owner") await tx`set local role tracksolid_owner`;
    await tx.unsafe(migration.sql);
  });
}
