import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { addChecksums } from "./database/checksums.ts";
import { describeData } from "./database/dictionary.ts";
import { startEmbeddedPostgres } from "./database/embedded.ts";
import { migrate, readMigrations } from "./database/migrations.ts";
import { openLocalRoles } from "./database/roles.ts";
import { describeSchema } from "./database/snapshot.ts";

/**
 * `npm run db:snapshot`: writes `migrations/schema.sql` and `docs/data-dictionary.md` from a fresh embedded database, and adds new
 * files to `migrations/checksums.txt`.
 */
const root = resolve(import.meta.dirname, "..");
const folder = await mkdtemp(join(tmpdir(), "tracksolid-snapshot-"));
const cluster = await startEmbeddedPostgres(join(folder, "postgres"), { volatile: true });
const sql = postgres(cluster.adminUrl("postgres"), { onnotice: () => {} });
try {
  const migrations = await readMigrations(join(root, "migrations"));
  await migrate(sql, migrations);
  await openLocalRoles(sql);
  await writeFile(join(root, "migrations", "schema.sql"), await describeSchema(sql));
  await writeFile(join(root, "docs", "data-dictionary.md"), await describeData(sql));
  // What cannot be applied is not released.
  await addChecksums(join(root, "migrations", "checksums.txt"), migrations);
} finally {
  await sql.end();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}
