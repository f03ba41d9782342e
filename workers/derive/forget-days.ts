import type postgres from "postgres";
import forgetSome from "#sql/workers/derive/forget-days.sql";
import type { VehicleDay } from "./compute-visits.ts";
import { noteVersions } from "./version-days.ts";

/** A fraction of a second of work. */
const DAYS_PER_ROUND = 5_000;

/** Gives up days from before `keptFrom`, an instant, that cannot be computed again, for what is computed of them. */
export async function forgetDays(sql: postgres.Sql, keptFrom: string): Promise<void> {
  for (let forgotten = DAYS_PER_ROUND; forgotten === DAYS_PER_ROUND; ) {
    forgotten = await sql.begin(async (tx) => {
      const days = await tx.unsafe<VehicleDay[]>(forgetSome, [keptFrom, DAYS_PER_ROUND], { prepare: true });
      await noteVersions(tx, days);
      return days.length;
    });
  }
}
