import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";
import { nodesOf, readsOf } from "../setup/plans.ts";

it("reads history by vehicle and time alone", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    select (860000000000000 + v)::text, '2026-10-05 21:00Z'::timestamptz + i * interval '30 s', -1.3 + i / 1e5, 36.8, 'poll', 1,
      '2026-11-01Z'
    from generate_series(1, 20) v, generate_series(0, 2879) i`;
  await sql`
    insert into tracksolid.geofences (name, kind, geometry, radius_m)
    select 'fence ' || i, 'test', format('{"type":"Point","coordinates":[36.8,%s]}', -1.3 + i / 1e4)::jsonb, 200
    from generate_series(1, 300) i`;
  await sql`vacuum analyze tracksolid.position_history, tracksolid.geofences, tracksolid.geofence_parts`;
  const statement = (name: string) => readFile(`workers/derive/${name}.sql`, "utf8");
  const changes = Array.from({ length: 20 }, (_, v) => ({
    imei: String(860_000_000_000_001 + v),
    changedFrom: "2026-10-06T09:00:00Z",
    changedTo: "2026-10-06T09:01:00Z",
  }));
  const crossings = await statement("geofence-crossings");
  const concerned = await sql.unsafe(crossings, [JSON.stringify(changes), null]);
  expect(concerned.length).toBeGreaterThan(20);

  const plans = async (text: string, parameters: (string | null)[]) => {
    const [row] = await sql.unsafe(`explain (format json) ${text}`, parameters);
    return nodesOf(row?.["QUERY PLAN"][0].Plan);
  };
  for (const nodes of [
    await plans(crossings, [JSON.stringify(changes), null]),
    await plans(await statement("geofence-visits"), [JSON.stringify(concerned)]),
  ]) {
    const reads = readsOf(nodes, "position_history");
    expect(reads.length).toBeGreaterThan(2);
    for (const read of reads) {
      expect(read["Node Type"]).toMatch(/^Index (Only )?Scan/);
      expect(read["Index Name"]).toMatch(/position_history_pkey$/);
      expect(read["Index Cond"]).toContain("imei");
    }
  }
});

it("reads no fix where there are no geofences", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, source, sources, received_at)
    values ('860000000000001', '2026-10-06T10:00Z', -1.3, 36.8, 'poll', 1, '2026-11-01Z')`;
  const text = await readFile("workers/derive/geofence-crossings.sql", "utf8");
  const changes = [
    { imei: "860000000000001", changedFrom: "2026-10-06T09:00:00Z", changedTo: "2026-10-07T09:00:00Z" },
  ];
  const [row] = await sql.unsafe(`explain (analyze, format json) ${text}`, [JSON.stringify(changes), null]);
  const reads = readsOf(nodesOf(row?.["QUERY PLAN"][0].Plan), "position_history");
  expect(reads.length).toBeGreaterThan(2);
  for (const read of reads) expect(read).toMatchObject({ "Actual Loops": 0 });
});
