import type postgres from "postgres";
import type { RunRow } from "./end-windows.ts";

/** So many empty runs in a row are a day of them. */
const EMPTY_RUNS = 96;

/** Why a run is no success, as class and text; null where it is one. */
export async function judgeRun(
  sql: postgres.Sql,
  run: RunRow,
): Promise<{ kind: string; message: string } | null> {
  const { job, windows, failed, postponed, lost } = run;
  const kinds = Object.entries({ failed, postponed, lost }).filter(([, count]) => count > 0);
  if (kinds.length > 0) {
    const counts = kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
    const message = `Of ${windows} windows ${counts}: they are planned again. ${run.error ?? ""}`.trim();
    return { kind: run.error_code ?? "lost", message };
  }
  return job === "parking" && run.items === 0 ? judgeEmptyParking(sql, run) : null;
}

/** A whole day without a stay while vehicles stand: the node wants another `acc_type` (reference §2.8). */
async function judgeEmptyParking(
  sql: postgres.Sql,
  { id, planned_at }: RunRow,
): Promise<{ kind: string; message: string } | null> {
  const [row] = await sql<{ runs: number; brought: number; parked: number }[]>`
    select count(*)::int as runs, coalesce(sum(items), 0)::int as brought, (
      select count(*)::int from tracksolid.live_positions l
      join tracksolid.devices d on d.imei = l.imei and d.enabled
      where l.ignition is false and l.fix_at < ${planned_at.toISOString()}::text::timestamptz - interval '1 hour'
        and l.contact_at > ${planned_at.toISOString()}::text::timestamptz - interval '1 day'
    ) as parked
    from (
      select items from private.job_runs
      where job = 'parking' and id <= ${id} and ended_at is not null
      order by planned_at desc limit ${EMPTY_RUNS}
    ) last`;
  if (!row || row.runs < EMPTY_RUNS || row.brought > 0 || row.parked === 0) return null;
  return {
    kind: "always_empty",
    message: `No stay in ${EMPTY_RUNS} runs while ${row.parked} vehicles are parked: set PARKING_ACC_TYPES to off,on`,
  };
}
