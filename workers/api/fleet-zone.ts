import { nowMs, within } from "../../shared/time.ts";
import type { ApiContext } from "./context.ts";
import { askerOf, select } from "./select.ts";

/** The zone changes once in a fleet's life (`npm run db:zone`): an isolate asks again after so long. */
const KEPT_MS = 10 * 60_000;

/** Who waits for the zone waits for everything else that a page needs. */
const PATIENCE_MS = 1_500;

const selectZone = "select zone from tracksolid.fleet";

/** By database, what this isolate last heard of it. */
const known = new WeakMap<Hyperdrive, { zone: string; heardAtMs: number }>();

/** The zone in which the fleet's days are counted, an IANA name; null where the database is away and never told. */
export async function fleetZone(c: ApiContext): Promise<string | null> {
  const last = known.get(c.env.DB_READ);
  if (last !== undefined && nowMs() - last.heardAtMs < KEPT_MS) return last.zone;
  const asked = select<{ zone: string }>(askerOf(c), selectZone).catch(() => undefined);
  const zone = (await within(asked, PATIENCE_MS))?.[0]?.zone;
  if (zone === undefined) return last?.zone ?? null;
  known.set(c.env.DB_READ, { zone, heardAtMs: nowMs() });
  return zone;
}
