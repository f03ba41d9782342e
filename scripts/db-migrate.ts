import { join, resolve } from "node:path";
import { databaseCommand, runFromTerminal } from "./command.ts";
import { migrate, readMigrations } from "./database/migrations.ts";

export const migrateCommand = databaseCommand({
  help: `Brings the database up to date.

  npm run db:migrate

DATABASE_URL is a direct connection (not through a pooler), as an administrator on the first run and as tracksolid_owner later.`,
  options: {},
  showsNotices: true,
  takes: (words) => words.length === 0,
  async run({ sql, log }) {
    const migrations = await readMigrations(join(resolve(import.meta.dirname, ".."), "migrations"));
    const applied = await migrate(sql, migrations, ({ file }, durationMs) =>
      log(`${file}  ${durationMs} ms`),
    );
    log(applied.length === 0 ? "Nothing to do." : `${applied.length} applied.`);
    return 0;
  },
});

if (import.meta.main) await runFromTerminal(migrateCommand);
