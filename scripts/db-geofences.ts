import { removeGeofence } from "../shared/geofences/write.ts";
import { type DatabaseCall, databaseCommand, runFromTerminal } from "./command.ts";
import { listGeofences } from "./database/geofences.ts";
import { inTransaction } from "./database/transaction.ts";

const options = { apply: { type: "boolean", default: false } } as const;
type GeofencesCall = DatabaseCall<typeof options>;

const verbs: Record<string, { words: number; run(call: GeofencesCall, word: string): Promise<void> }> = {
  list: { words: 0, run: list },
  remove: { words: 1, run: remove },
};

export const geofencesCommand = databaseCommand({
  help: `Lists geofences, removes one. npm run import-geofences takes them from a GeoJSON file.

  npm run db:geofences -- list
  npm run db:geofences -- remove NAME [--apply]

  --apply  do it; without, say what would be done

DATABASE_URL is a direct connection as tracksolid_owner.`,
  options,
  takes: ([verb = "", ...words]) => Object.hasOwn(verbs, verb) && words.length === verbs[verb]?.words,
  async run(call) {
    const [verb = "", word = ""] = call.words;
    await verbs[verb]?.run(call, word);
    return 0;
  },
});

async function list({ sql, log, result }: GeofencesCall): Promise<void> {
  const fences = await listGeofences(sql);
  result(fences);
  for (const { name, kind, shape, enabled, visits, pending } of fences) {
    const notes = [enabled ? "" : ", disabled", pending ? ", the past is being computed" : ""].join("");
    log(`${name}: ${kind}, ${shape}, ${visits} visits${notes}`);
  }
  if (fences.length === 0) log("There are no geofences.");
}

async function remove({ sql, values, log, result }: GeofencesCall, name: string): Promise<void> {
  const one = { name: name.normalize("NFC").trim() };
  const visits = await inTransaction(sql, values.apply, (tx) => removeGeofence(tx, one));
  if (visits === null) throw new Error(`There is no geofence ${name}.`);
  result({ ...one, visits, applied: values.apply });
  log(
    values.apply
      ? `${name} is removed, with ${visits} visits.`
      : `${name} would be removed, with ${visits} visits. Add --apply to do it.`,
  );
}

if (import.meta.main) await runFromTerminal(geofencesCommand);
