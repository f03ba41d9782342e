import { readFile } from "node:fs/promises";
import { removeGeofence } from "../shared/geofences/write.ts";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { readGeofences } from "./database/geofence-file.ts";
import { importGeofences, listGeofences, problemsOf } from "./database/geofences.ts";
import { inTransaction } from "./database/transaction.ts";

const options = { apply: { type: "boolean", default: false } } as const;
type GeofencesCall = DatabaseCall<typeof options>;

const verbs: Record<string, { words: number; run(call: GeofencesCall, word: string): Promise<void> }> = {
  list: { words: 0, run: list },
  import: { words: 1, run: importFile },
  remove: { words: 1, run: remove },
};

export const geofencesCommand = databaseCommand({
  help: `Lists geofences, takes them from a GeoJSON file, removes one.

  npm run db:geofences -- list
  npm run db:geofences -- import FILE.geojson [--apply]
  npm run db:geofences -- remove NAME [--apply]

  --apply  do it; without, say what would be done

A feature of the FeatureCollection is a Polygon, a MultiPolygon or a Point. Its properties: name (one that is known is
changed), kind (depot, city zone, customer), radiusM (of a Point, in metres), and where they differ from the usual: enabled
(true), rejoinS (120: who is outside no longer has not left), minStayS (60: who is inside no longer passed by). All features
are taken or none.

DATABASE_URL is a direct connection as tracksolid_owner. The job "derive" computes the visits of what changed for the whole
past; until then they are missing from reports. Visits whose positions are no longer kept (RETAIN_POSITIONS_DAYS) do not
come back; an import says how many those are.`,
  options,
  takes: ([verb = "", ...words]) => Object.hasOwn(verbs, verb) && words.length === verbs[verb]?.words,
  async run(call) {
    const [verb = "", word = ""] = call.words;
    await verbs[verb]?.run(call, word);
    return 0;
  },
});

async function list({ sql, log }: GeofencesCall): Promise<void> {
  const fences = await listGeofences(sql);
  for (const { name, kind, shape, enabled, visits, pending } of fences) {
    const notes = [enabled ? "" : ", disabled", pending ? ", the past is being computed" : ""].join("");
    log(`${name}: ${kind}, ${shape}, ${visits} visits${notes}`);
  }
  if (fences.length === 0) log("There are no geofences.");
}

async function importFile({ sql, values, log }: GeofencesCall, path: string): Promise<void> {
  const { fences, errors } = readGeofences(await readFile(path, "utf8"));
  errors.push(...(await problemsOf(sql, fences)));
  if (errors.length > 0) throw new Error([...errors, "Nothing was changed."].join("\n"));
  const { added, changed, lostVisits } = await importGeofences(sql, fences, values.apply);
  const same = fences.length - added.length - changed.length;
  for (const name of added) log(`+ ${name}`);
  for (const name of changed) log(`~ ${name}`);
  const does = values.apply ? "were" : "would be";
  log(`${added.length} ${does} added, ${changed.length} changed; ${same} are as they should be.`);
  if (lostVisits > 0) {
    log(
      `${lostVisits} visits to those that ${values.apply ? "changed are" : "change would be"} lost: the positions they were made of are no longer kept.`,
    );
  }
  if (!values.apply && added.length + changed.length > 0) log("Add --apply to do it.");
}

async function remove({ sql, values, log }: GeofencesCall, name: string): Promise<void> {
  const one = { name: name.normalize("NFC").trim() };
  const visits = await inTransaction(sql, values.apply, (tx) => removeGeofence(tx, one));
  if (visits === null) throw new Error(`There is no geofence ${name}.`);
  log(
    values.apply
      ? `${name} is removed, with ${visits} visits.`
      : `${name} would be removed, with ${visits} visits. Add --apply to do it.`,
  );
}

if (import.meta.main) await runFromTerminal(geofencesCommand);
