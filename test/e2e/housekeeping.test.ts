import { expect, it } from "vitest";
import { schedule } from "../../workers/polls/schedule.ts";
import { startStack } from "../setup/harness.ts";

const { cron } = schedule.housekeeping;

it("clears on its tick what is old, and leaves what the books still need", async () => {
  await using stack = await startStack({ world: { vehicles: 1, seed: 51 } });
  const { sql } = stack;
  await sql`
    insert into tracksolid.ingestion_log (run_id, endpoint, run_at, duration_ms, success)
    select 'old ' || n, 'writer', now() - interval '91 days', 1, true from generate_series(1, 3) n`;
  // Two producers: one whose receipt waits to be folded, and one who sent something since.
  await sql`
    insert into private.receipts (
      producer, sequence, receipt, source, kind, received_at, items_before, part, parts, items, written, duplicate,
      rejected, delivered_at, outcomes
    )
    select producer, 2, 'r', 'poll', 'location', now() - age, 1, 1, 1, 1, 1, 0, 0, now() - age, 'w'
    from (values ('unfolded', interval '500 days'), ('alive', interval '1 day')) receipt (producer, age)`;
  await sql`
    insert into private.receipt_hours
    select producer, date_trunc('hour', now() - interval '450 days'), 'location', '{[1,2)}', '{[0,1)}', 1, 1, 1, 1, 0, 0,
      now() - interval '450 days'
    from (values ('alive'), ('gone')) hour (producer)`;
  // Only a database that was taken over has this log.
  await sql`create table reporting.refresh_log (view_name text, refreshed_at timestamptz)`;
  await sql`
    insert into reporting.refresh_log values ('old', now() - interval '181 days'), ('young', now() - interval '179 days')`;

  // As long as it is not ours to clear, it is left.
  expect(await stack.tick(cron)).toBe("ok");
  expect(await stack.lastRun("housekeeping")).toMatchObject({ success: true, rows_received: 4 });
  expect(await sql`select from reporting.refresh_log`).toHaveLength(2);
  expect(
    await sql`select from tracksolid.ingestion_log where endpoint = 'writer' and run_id like 'old%'`,
  ).toEqual([]);
  expect(await sql`select producer from private.receipts where kind = 'location' order by 1`).toEqual([
    { producer: "alive" },
    { producer: "unfolded" },
  ]);
  expect(await sql`select producer from private.receipt_hours`).toEqual([{ producer: "alive" }]);

  await sql`grant select, delete on reporting.refresh_log to ingest_app`;
  expect(await stack.tick(cron)).toBe("ok");
  expect(await stack.lastRun("housekeeping", 2)).toMatchObject({ rows_received: 1 });
  expect(await sql`select view_name from reporting.refresh_log`).toEqual([{ view_name: "young" }]);
  expect(stack.lines("housekeeping").at(-1)).toContain("refresh_log: 1");
});
