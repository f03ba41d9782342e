import fillAddresses from "#sql/workers/addresses/fill-addresses.sql";
import selectUnaddressed from "#sql/workers/addresses/unaddressed.sql";
import { geocoderConfig } from "../../shared/config.ts";
import { openDatabase } from "../../shared/database.ts";
import type { WantedCell } from "../../shared/records.ts";
import { settings } from "../../shared/settings.ts";
import { toIso } from "../../shared/time.ts";
import type { JobContext } from "../polls/outcome.ts";
import { run } from "../writer/commit.ts";
import { hintGeocoder } from "./hint.ts";
import type { Place } from "./places.ts";
import { addressesSince } from "./since.ts";

/** What the geocoder can ask for until the next run. */
const MOST_ROWS = 600;

/**
 * Every ten minutes: the newest trips and stays without an address get what the cache knows by now, and the geocoder is
 * told of the rest, so that nothing hangs on a hint.
 */
export async function lookUpAddresses({ env, startedMs, outcome }: JobContext): Promise<void> {
  if (geocoderConfig(env).GEOCODER_URL === null) return;
  const sql = openDatabase(env.DB_INGEST);
  const since = addressesSince();
  const from = toIso(startedMs - settings.addressLookBackS * 1000);
  const places = await sql.unsafe<Extract<Place, { imei: string }>[]>(
    selectUnaddressed,
    [from, MOST_ROWS, since],
    { prepare: true },
  );
  if (places.length === 0) return;
  const wanted = await sql.begin(async (tx) => {
    const statements = { places: [JSON.stringify(places), fillAddresses] } as const;
    const results = await run(tx, statements, { addresses_since: since });
    return (results.places ?? []) as WantedCell[];
  });
  outcome.itemsReceived += places.length;
  await hintGeocoder(env, wanted);
}
