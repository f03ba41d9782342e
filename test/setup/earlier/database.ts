import { createDatabase, type OwnDatabase } from "../database.ts";
import { type Contents, makeEarlier } from "./schema.ts";

/** Makes a database of the earlier system. */
export async function oldDatabase(contents: Contents = {}): Promise<OwnDatabase> {
  const database = await createDatabase("empty");
  await makeEarlier(database.sql, contents);
  return database;
}
