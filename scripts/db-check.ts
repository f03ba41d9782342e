import { databaseCommand, reasonOf, runFromTerminal } from "./command.ts";
import { checkDatabase } from "./database/checks.ts";

export const checkCommand = databaseCommand({
  help: `Looks for data that cannot be right: orphans, doubles, impossible values, roll-ups that differ from a recompute.

  npm run db:check

DATABASE_URL is a direct connection as tracksolid_owner. Nothing is changed; tables are read whole, so choose a quiet hour.
Ends with 1 where something was found, with 2 where nothing could be checked.`,
  options: {},
  takes: (words) => words.length === 0,
  async run({ sql, log, error, progress, result }) {
    const findings = await checkDatabase(sql, progress).catch((failure) => error(reasonOf(failure)));
    if (!findings) return 2;
    for (const { name, count, examples, remedy } of findings) {
      log(`${count === 0 ? "ok " : "BAD"} ${name}${count === 0 ? "" : `: ${count}`}`);
      for (const example of examples) log(`      ${example}`);
      if (count > 0) log(`      → ${remedy}`);
    }
    result(findings);
    return findings.some(({ count }) => count > 0) ? 1 : 0;
  },
});

if (import.meta.main) await runFromTerminal(checkCommand);
