import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { type Command, runFromTerminal } from "./command.ts";
import { addChecksums } from "./database/checksums.ts";
import { describeData } from "./database/dictionary.ts";
import { startEmbeddedPostgres } from "./database/embedded.ts";
import { migrate, readMigrations } from "./database/migrations.ts";
import { openLocalRoles } from "./database/roles.ts";
import { describeSchema } from "./database/snapshot.ts";

const root = resolve(import.meta.dirname, "..");

const SCHEMA = "migrations/schema.sql";
const DICTIONARY = "docs/data-dictionary.md";
const CHECKSUMS = "migrations/checksums.txt";

export const snapshotCommand: Command<Record<never, never>> = {
  help: `Writes ${SCHEMA} and ${DICTIONARY} from a fresh embedded database, and adds new files to
${CHECKSUMS}.

  npm run db:snapshot

No database of yours is touched. What it wrote shows in git diff.`,
  options: {},
  takes: (words) => words.length === 0,
  async run({ log, result }) {
    const folder = await mkdtemp(join(tmpdir(), "tracksolid-snapshot-"));
    try {
      await snapshot(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const files = [SCHEMA, DICTIONARY, CHECKSUMS];
    for (const file of files) log(`${file} is up to date.`);
    result({ files });
    return 0;
  },
};

async function snapshot(folder: string): Promise<void> {
  const migrations = await readMigrations(join(root, "migrations"));
  const cluster = await startEmbeddedPostgres(join(folder, "postgres"), { volatile: true });
  const sql = postgres(cluster.adminUrl("postgres"), { onnotice: () => {} });
  try {
    await migrate(sql, migrations);
    await openLocalRoles(sql);
    await writeFile(join(root, SCHEMA), await describeSchema(sql));
    await writeFile(join(root, DICTIONARY), await describeData(sql));
    // What cannot be applied is not released.
    await addChecksums(join(root, CHECKSUMS), migrations);
  } finally {
    await sql.end();
    await cluster.stop();
  }
}

if (import.meta.main) await runFromTerminal(snapshotCommand);
