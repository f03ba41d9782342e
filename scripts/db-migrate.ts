import { join, resolve } from "node:path";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { goBack, readWaysBack } from "./database/back.ts";
import { migrate, readMigrations } from "./database/migrations.ts";

const folder = join(resolve(import.meta.dirname, ".."), "migrations");

const options = {
  "back-to": { type: "string" },
  apply: { type: "boolean", default: false },
} as const;

export const migrateCommand = databaseCommand({
  help: `Brings the database up to date, or back.

  npm run db:migrate                             Applies what is missing.
  npm run db:migrate -- --back-to 0041           What going back would take away, newest first, and lose; 0041 stays.
  npm run db:migrate -- --back-to 0041 --apply   Does it.

  --back-to NUMBER  the migration that stays the newest
  --apply           go back; without, say what would be lost. Forward it goes without: nothing is lost, and it may be called again

Before going back, roll the Worker back to a version that ran on that schema: npm run rollback.

DATABASE_URL is a direct connection (not through a pooler), as an administrator on the first run and as tracksolid_owner later.`,
  options,
  showsNotices: true,
  takes: (words) => words.length === 0,
  async run(call) {
    const { values, error } = call;
    const to = values["back-to"];
    if (to === undefined && values.apply) {
      error("--apply goes with --back-to: going forward needs no other word.");
      return 2;
    }
    if (to !== undefined && !/^\d{1,4}$/.test(to)) {
      error("--back-to takes the number of the migration that stays the newest, such as 0041.");
      return 2;
    }
    await (to === undefined ? forward(call) : back(call, Number(to)));
    return 0;
  },
});

type MigrateCall = DatabaseCall<typeof options>;

async function forward({ sql, log, result }: MigrateCall): Promise<void> {
  const done: { file: string; durationMs: number }[] = [];
  await migrate(sql, await readMigrations(folder), ({ file }, durationMs) => {
    done.push({ file, durationMs });
    log(`${file}  ${durationMs} ms`);
  });
  log(done.length === 0 ? "Nothing to do." : `${done.length} applied.`);
  result({ migrations: done, applied: true });
}

async function back({ sql, log, result, values: { apply } }: MigrateCall, to: number): Promise<void> {
  const migrations = await readMigrations(folder);
  const ways = await readWaysBack(folder, migrations);
  const taken = await goBack(sql, migrations, ways, { to, apply }, ({ file, loss }, durationMs) =>
    log(durationMs === null ? `${file}  ${loss}` : `${file}  ${durationMs} ms  ${loss}`),
  );
  result({ back: taken.map(({ file, loss }) => ({ file, loss })), applied: apply });
  if (taken.length === 0) log("Nothing to do.");
  else if (apply) log(`${taken.length} taken back.`);
  else {
    log(
      "Nothing was changed. To do it: roll the Worker back to a version that ran without these, then add --apply.",
    );
  }
}

if (import.meta.main) await runFromTerminal(migrateCommand);
