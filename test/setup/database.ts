import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";

/** A database of one's own. */
export interface OwnDatabase extends AsyncDisposable {
  url: string;
  /** Its superuser. */
  sql: postgres.Sql;
}

/** Creates a database: empty, or with the whole schema. */
export async function createDatabase(content: "empty" | "migrated"): Promise<OwnDatabase> {
  const { adminUrl, template } = inject("cluster");
  const name = `own_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const from = admin(content === "empty" ? "template0" : template);
  // Files are copied in half the time that pages take through the log.
  await admin`create database ${admin(name)} template ${from} strategy file_copy`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 4, onnotice: () => {} });
  return {
    url: url.href,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
    },
  };
}

/** A connection of one's own, as whoever the URL says. */
export function connect(url: string): postgres.Sql & AsyncDisposable {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() });
}
