import { join, resolve } from "node:path";
import { changeSchema } from "./adopt/carry-out.ts";
import { duplicatesOf } from "./adopt/duplicates.ts";
import { find } from "./adopt/found.ts";
import { planAdoption } from "./adopt/plan.ts";
import { doWork } from "./adopt/work.ts";
import { databaseCommand, runFromTerminal } from "./command.ts";
import { stepsLeft } from "./database/adopted.ts";
import { LOCK_KEY, readMigrations } from "./database/migrations.ts";

export const adoptCommand = databaseCommand({
  help: `Takes over a database of the system before this one, while that goes on writing.

  npm run db:adopt                What there is, what would be added, what is in the way, what is left alone.
  npm run db:adopt -- --apply     Does it. Called again after it was cut off, it goes on.
  npm run db:adopt -- --sql       The change of the schema as SQL, to be read.

  --apply  do it; without, nothing is changed
  --sql    the SQL and nothing else

DATABASE_URL is a direct connection, as a superuser: what is there changes its owner.`,
  options: { apply: { type: "boolean", default: false }, sql: { type: "boolean", default: false } },
  takes: (words) => words.length === 0,
  async run({ sql, log, error, table, values, progress, result }) {
    const [lock] = await sql<{ held: boolean }[]>`select pg_try_advisory_lock(${LOCK_KEY}) as held`;
    if (!lock?.held) {
      error("Somebody else migrates or adopts this database: wait for them.");
      return 1;
    }
    const [who] = await sql<{ name: string; rolsuper: boolean }[]>`
      select rolname as name, rolsuper from pg_roles where rolname = current_user`;
    if (!who?.rolsuper) {
      error(`${who?.name} is no superuser and cannot change owners: connect as one.`);
      return 1;
    }
    const found = await find(sql);
    if (found.migrations === 0) {
      const plan = await planAdoption(
        found,
        await readMigrations(join(resolve(import.meta.dirname, ".."), "migrations")),
      );
      if (values.sql) {
        log(plan.script);
        result({ sql: plan.script });
        return 0;
      }
      const lines = [...(await duplicatesOf(sql, plan.tables)), ...plan.lines];
      for (const { what, object, detail } of lines) log(`${what.padEnd(10)}  ${object}: ${detail}`);
      const conflicts = lines.filter(({ what }) => what === "conflict").length;
      if (conflicts > 0) {
        result({ lines, conflicts, applied: false });
        error(`${conflicts} in the way: nothing can be adopted until they are settled.`);
        return 1;
      }
      if (!values.apply) {
        result({ lines, conflicts, applied: false });
        log("Nothing was changed. To do it: npm run db:adopt -- --apply");
        return 0;
      }
      log(`Schema changed. Nobody else could write for ${await changeSchema(sql, plan)} ms at most.`);
    } else {
      const left = await stepsLeft(sql);
      if (left === 0) {
        log(
          "This database is adopted already, or was never another's. It is brought up to date by npm run db:migrate.",
        );
        result({ stepsLeft: 0, applied: false });
        return 0;
      }
      log(`Adopted, but ${left} steps are left.`);
      if (!values.apply) {
        result({ stepsLeft: left, applied: false });
        log("To go on: npm run db:adopt -- --apply");
        return 0;
      }
    }
    const done = new Map<string, number>();
    const bar = progress("rows");
    try {
      await doWork(sql, (what, rows) => {
        done.set(what, (done.get(what) ?? 0) + rows);
        bar.add(rows);
      });
    } finally {
      bar[Symbol.dispose]();
    }
    const work = [...done].map(([what, rows]) => ({ what, rows }));
    table(work);
    result({ work, applied: true });
    log("Adopted. What is derived from the past is computed by the job derive, newest changes first.");
    return 0;
  },
});

if (import.meta.main) await runFromTerminal(adoptCommand);
