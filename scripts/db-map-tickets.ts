import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { surveySources } from "./tickets/catalog.ts";
import { defineViews } from "./tickets/define.ts";
import { readMapping } from "./tickets/mapping.ts";
import { viewsOf } from "./tickets/views.ts";

const HELP = `Has reporting.v_tickets and reporting.v_fuel_fills read the tables of another product.

  npm run db:map-tickets -- MAPPING.json [--apply]

  --apply  do it; without, show the views and what they would show

DATABASE_URL is a direct connection as tracksolid_owner. The tables of the other product are not touched: where a grant is
missing this says which one their owner has to give. See docs/reporting.md for the file.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { apply: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [path, ...others] = positionals;
if (values.help || path === undefined || others.length > 0) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("Set DATABASE_URL to a direct connection as tracksolid_owner.");
  process.exit(2);
}
const sql = postgres(url, { max: 1, onnotice: () => {} });
try {
  process.exitCode = await main(path);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await sql.end();
}

async function main(path: string): Promise<number> {
  const mapping = readMapping(await readFile(path, "utf8"));
  const survey = await surveySources(sql, [...(mapping.tickets ?? []), ...(mapping.fuelFills ?? [])]);
  if (survey.problems.length > 0) {
    console.error(survey.problems.join("\n"));
    return 1;
  }
  const views = viewsOf(mapping, survey);
  if (!values.apply) for (const { statement } of views) console.log(`${statement};\n`);
  if (survey.grants.length > 0) {
    console.error("The views read with the rights of tracksolid_owner, to whom has to be given:");
    for (const { owner, statement } of survey.grants) console.error(`  ${statement}  -- by ${owner}`);
    console.error("Nothing was changed.");
    return 1;
  }
  const { lines } = await defineViews(sql, views, values.apply);
  console.log(lines.join("\n"));
  console.log(values.apply ? "The views read this now." : "Add --apply to have the views read this.");
  return 0;
}
