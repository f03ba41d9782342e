import { swap, swapsOf } from "./adopt/cut-over.ts";
import { databaseCommand, runFromTerminal } from "./command.ts";

export const cutOverCommand = databaseCommand({
  help: `Gives our views the names that those of the system before this one have.

  npm run db:cut-over                    What would change hands.
  npm run db:cut-over -- --apply         Does it: theirs go on as …_before.
  npm run db:cut-over -- --back --apply  Takes it back.

  --apply  do it; without, say what would change hands
  --back   gives theirs their names back

For an adopted database, when nothing of that system reads it any more. DATABASE_URL is a direct connection, as a superuser.`,
  options: { apply: { type: "boolean", default: false }, back: { type: "boolean", default: false } },
  takes: (words) => words.length === 0,
  async run({ sql, log, values, result }) {
    const swaps = await swapsOf(sql, !values.back);
    if (swaps.length === 0) {
      log("Nothing to do: no name changes hands.");
      result({ swaps, applied: false });
      return 0;
    }
    for (const { name, away, from } of swaps) log(`${name} becomes ${away}, ${from} becomes ${name}`);
    if (!values.apply) {
      log("Nothing was changed. To do it, add --apply.");
      result({ swaps, applied: false });
      return 0;
    }
    await swap(sql, swaps, !values.back);
    result({ swaps, applied: true });
    log(`${swaps.length} names changed hands.`);
    return 0;
  },
});

if (import.meta.main) await runFromTerminal(cutOverCommand);
