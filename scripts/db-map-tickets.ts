import { readFile } from "node:fs/promises";
import { databaseCommand, runFromTerminal } from "./command.ts";
import { surveySources } from "./tickets/catalog.ts";
import { defineViews } from "./tickets/define.ts";
import { readMapping } from "./tickets/mapping.ts";
import { viewsOf } from "./tickets/views.ts";

export const mapTicketsCommand = databaseCommand({
  help: `Has reporting.v_tickets and reporting.v_fuel_fills read the tables of another product.

  npm run db:map-tickets -- mapping.json             the views, and what they would show
  npm run db:map-tickets -- mapping.json --apply

  --apply  do it; without, show the views and what they would show

DATABASE_URL is a direct connection as tracksolid_owner. The tables of the other product are not touched: where a grant is
missing this says which one their owner has to give. See docs/reporting.md for the file.`,
  options: { apply: { type: "boolean", default: false } },
  takes: (words) => words.length === 1,
  async run({ sql, words: [path = ""], values, log, error, result }) {
    const mapping = readMapping(await readFile(path, "utf8"));
    const survey = await surveySources(sql, [...(mapping.tickets ?? []), ...(mapping.fuelFills ?? [])]);
    if (survey.problems.length > 0) throw new Error(survey.problems.join("\n"));
    const views = viewsOf(mapping, survey);
    if (!values.apply) for (const { statement } of views) log(`${statement};\n`);
    const statements = views.map(({ statement }) => statement);
    if (survey.grants.length > 0) {
      result({ views: statements, grants: survey.grants, applied: false });
      error("The views read with the rights of tracksolid_owner, to whom has to be given:");
      for (const { owner, statement } of survey.grants) error(`  ${statement}  -- by ${owner}`);
      error("Nothing was changed.");
      return 1;
    }
    const lines = await defineViews(sql, views, values.apply);
    log(lines.join("\n"));
    result({ views: statements, grants: [], shows: lines, applied: values.apply });
    log(values.apply ? "The views read this now." : "Add --apply to have the views read this.");
    return 0;
  },
});

if (import.meta.main) await runFromTerminal(mapTicketsCommand);
