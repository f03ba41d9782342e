import { readFile } from "node:fs/promises";
import postgres from "postgres";
import { ANALYST_SCHEMAS, type AnalystSchema } from "../../shared/analysts.ts";
import type { Read, ToolContext } from "../../workers/analyst/tool.ts";
import { createDatabase, type OwnDatabase } from "./database.ts";

/** A database of one's own with the fleet of `analyst-fleet.sql`. */
export async function createFleet(): Promise<OwnDatabase> {
  const database = await createDatabase("migrated");
  await database.sql.unsafe(await readFile("test/setup/analyst-fleet.sql", "utf8"));
  return database;
}

/** An analyst of a database: every statement in a read-only transaction, as their role. */
export function analystOf(
  { url }: Pick<OwnDatabase, "url">,
  schemas: AnalystSchema[] = [...ANALYST_SCHEMAS],
): ToolContext & AsyncDisposable {
  const sql = postgres(url, { max: 2, fetch_types: false, onnotice: () => {} });
  const read: Read = (statement, parameters = []) =>
    sql.begin("read only", async (tx) => {
      await tx.unsafe("set local role analytics_ro");
      return tx.unsafe(statement, parameters);
    }) as never;
  return {
    analyst: {
      id: "test",
      name: "Test",
      email: null,
      schemas,
      createdAt: "2026-01-15T08:30:00.000Z",
      expiresAt: null,
    },
    read,
    [Symbol.asyncDispose]: () => sql.end(),
  };
}
