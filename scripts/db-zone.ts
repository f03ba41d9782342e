import { parseArgs } from "node:util";
import postgres from "postgres";
import { changeZone, surveyZone } from "./database/zone.ts";

const HELP = `Sets the time zone in which the fleet's days are counted, and has all roll-ups computed anew.

  npm run db:zone -- ZONE [--apply]

  ZONE     an IANA name, such as Africa/Nairobi
  --apply  do it; without, say what would be done

DATABASE_URL is a direct connection as tracksolid_owner. Until the job "derive" has caught up, days are missing from reports.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { apply: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [zone, ...others] = positionals;
if (values.help || zone === undefined || others.length > 0) {
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
  const before = await surveyZone(sql, zone);
  if (before.zone === zone) {
    console.log(`Days are counted in ${zone} already.`);
  } else if (values.apply) {
    const marked = await changeZone(sql, zone);
    console.log(
      `Days are counted in ${zone}, no longer in ${before.zone}: ${marked} days of vehicles are to be computed.`,
    );
  } else {
    console.log(
      `Days would be counted in ${zone} instead of ${before.zone}; ${before.days} days of vehicles would be computed anew. Add --apply to do it.`,
    );
    if (before.lost > 0) {
      console.log(
        `What is known of ${before.lost} of them would be lost: their positions are no longer kept.`,
      );
    }
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await sql.end();
}
