import { parseArgs } from "node:util";
import postgres from "postgres";
import { checkDatabase } from "./database/checks.ts";

const HELP = `Looks for data that cannot be right: orphans, doubles, impossible values, roll-ups that differ from a recompute.

  npm run db:check -- [--json]

DATABASE_URL is a direct connection as tracksolid_owner. Nothing is changed; tables are read whole, so choose a quiet hour.
Ends with 1 where something was found.`;

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const url = process.env.DATABASE_URL;
if (!url) {
  console.error("Set DATABASE_URL to a direct connection as tracksolid_owner.");
  process.exit(2);
}
const sql = postgres(url, { max: 1, onnotice: () => {} });
try {
  const findings = await checkDatabase(sql);
  if (values.json) console.log(JSON.stringify(findings));
  else {
    for (const { name, count, examples, remedy } of findings) {
      console.log(`${count === 0 ? "ok " : "BAD"} ${name}${count === 0 ? "" : `: ${count}`}`);
      for (const example of examples) console.log(`      ${example}`);
      if (count > 0) console.log(`      → ${remedy}`);
    }
  }
  process.exitCode = findings.some(({ count }) => count > 0) ? 1 : 0;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
} finally {
  await sql.end();
}
