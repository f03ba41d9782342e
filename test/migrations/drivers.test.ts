import { expect, it } from "vitest";
import { createDatabase } from "../setup/database.ts";
import { applyAgain } from "./apply.ts";

it("takes who drives when drivers begin to be followed for the driver since the device was first heard of", async () => {
  await using database = await createDatabase("migrated");
  const { sql } = database;
  await sql`drop function reporting.fn_driver_at(text, timestamptz) cascade`;
  await sql`drop table tracksolid.driver_assignments, private.driver_sightings cascade`;
  await sql`
    insert into tracksolid.devices (imei, driver_name, driver_phone, facts_at, created_at, changed_at) values
      ('860000000000001', 'Juma', '0700', '2026-03-01', '2026-02-01', '2026-03-01'),
      ('860000000000002', null, '0700', '2026-03-01', '2026-02-01', '2026-03-01')`;
  await applyAgain(sql, 21);
  const createdAt = new Date("2026-02-01");
  expect(await sql`select * from tracksolid.driver_assignments`).toEqual([
    {
      ...{ imei: "860000000000001", valid_from: createdAt },
      ...{ driver_name: "Juma", driver_phone: "0700", source: "registry" },
    },
  ]);
  // What comes later adds to it.
  expect(await sql`select imei, seen_at from private.driver_sightings`).toEqual([
    { imei: "860000000000001", seen_at: createdAt },
  ]);
});
