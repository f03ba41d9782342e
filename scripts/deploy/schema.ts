import postgres from "postgres";
import { END_PATIENCE_S } from "../command.ts";
import type { Migration } from "../database/migrations.ts";

/** How the schema of a database stands to the migrations of a tree. */
export interface Schema {
  /** Of the tree, and not applied. */
  missing: Migration[];
  /** Applied, and of a newer tree. */
  ahead: string[];
}

/** SQLSTATE of what a role may not see, and of what is not there. */
const NOT_ALLOWED = "42501";
const NOT_THERE = ["42P01", "3F000"];

/** Reads the ledger of migrations and changes nothing. @throws with who may read it, where this role may not */
export async function readSchema(url: string, migrations: Migration[]): Promise<Schema> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const applied = await sql<{ number: number; file: string }[]>`
      select number, file from private.migrations order by number`;
    return {
      missing: migrations.filter(({ number }) => !applied.some((row) => row.number === number)),
      ahead: applied
        .filter((row) => !migrations.some(({ number }) => number === row.number))
        .map(({ file }) => file),
    };
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (NOT_THERE.includes(code)) return { missing: migrations, ahead: [] };
    if (code !== NOT_ALLOWED) throw error;
    throw new Error(
      `${decodeURIComponent(new URL(url).username)} may not read which migrations were applied: let DATABASE_URL be the URL of backup_ro, which reads everything and changes nothing, or of tracksolid_owner.`,
    );
  } finally {
    await sql.end({ timeout: END_PATIENCE_S });
  }
}
