import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { readGeofences } from "./database/geofence-file.ts";
import { importGeofences, listGeofences, problemsOf, removeGeofence } from "./database/geofences.ts";

const HELP = `Lists geofences, takes them from a GeoJSON file, removes one.

  npm run db:geofences -- list
  npm run db:geofences -- import FILE.geojson [--apply]
  npm run db:geofences -- remove NAME [--apply]

  --apply  do it; without, say what would be done

A feature of the FeatureCollection is a Polygon, a MultiPolygon or a Point. Its properties: name (one that is known is
changed), kind (depot, city zone, customer), radiusM (of a Point, in metres), and where they differ from the usual: enabled
(true), rejoinS (120: who is outside no longer has not left), minStayS (60: who is inside no longer passed by). All features
are taken or none.

DATABASE_URL is a direct connection as tracksolid_owner. The job "derive" computes the visits of what changed for the whole
past; until then they are missing from reports.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { apply: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [command, what, ...others] = positionals;
const isCommand = command === "list" ? what === undefined : command === "import" || command === "remove";
if (values.help || !isCommand || (command !== "list" && what === undefined) || others.length > 0) {
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
  if (command === "import") await importFile(what ?? "");
  else if (command === "remove") await remove(what ?? "");
  else await list();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await sql.end();
}

async function list(): Promise<void> {
  const fences = await listGeofences(sql);
  for (const { name, kind, shape, enabled, visits, pending } of fences) {
    const notes = [enabled ? "" : ", disabled", pending ? ", the past is being computed" : ""].join("");
    console.log(`${name}: ${kind}, ${shape}, ${visits} visits${notes}`);
  }
  if (fences.length === 0) console.log("There are no geofences.");
}

async function importFile(path: string): Promise<void> {
  const { fences, errors } = readGeofences(await readFile(path, "utf8"));
  errors.push(...(await problemsOf(sql, fences)));
  if (errors.length > 0) throw new Error([...errors, "Nothing was changed."].join("\n"));
  const { added, changed } = await importGeofences(sql, fences, values.apply);
  const same = fences.length - added.length - changed.length;
  for (const name of added) console.log(`+ ${name}`);
  for (const name of changed) console.log(`~ ${name}`);
  const does = values.apply ? "were" : "would be";
  console.log(`${added.length} ${does} added, ${changed.length} changed; ${same} are as they should be.`);
  if (!values.apply && added.length + changed.length > 0) console.log("Add --apply to do it.");
}

async function remove(name: string): Promise<void> {
  const visits = await removeGeofence(sql, name, values.apply);
  if (visits === null) throw new Error(`There is no geofence ${name}.`);
  console.log(
    values.apply
      ? `${name} is removed, with ${visits} visits.`
      : `${name} would be removed, with ${visits} visits. Add --apply to do it.`,
  );
}
