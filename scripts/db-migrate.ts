import { join, resolve } from "node:path";
import postgres from "postgres";
import { migrate, readMigrations } from "./database/migrations.ts";

/** `npm run db:migrate`: brings the database of DATABASE_URL up to date. */
const url = process.env.DATABASE_URL;
if (!url) {
  console.error(
    "Set DATABASE_URL to a direct connection (not through a pooler), as an administrator on the first run and as tracksolid_owner later.",
  );
  process.exit(2);
}
const sql = postgres(url, { max: 1, onnotice: ({ message }) => console.log(message) });
try {
  const migrations = await readMigrations(join(resolve(import.meta.dirname, ".."), "migrations"));
  const applied = await migrate(sql, migrations, ({ file }, durationMs) =>
    console.log(`${file}  ${durationMs} ms`),
  );
  console.log(applied.length === 0 ? "Nothing to do." : `${applied.length} applied.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await sql.end();
}
