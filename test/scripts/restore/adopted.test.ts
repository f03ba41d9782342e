import { afterAll, beforeAll, expect, it } from "vitest";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { restoreCommand } from "../../../scripts/restore.ts";
import { type BackupFolder, backUpSmall, makeBackupFolder } from "../../setup/backup.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";

let source: OwnDatabase;
let place: BackupFolder;
beforeAll(async () => {
  [source, place] = await Promise.all([oldDatabase(), makeBackupFolder()]);
  const { code, stderr } = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: source.url });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  await backUpSmall(source.url, place.store, place.key);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await source?.[Symbol.asyncDispose]();
});

it("brings back what was taken over: rows that lack something, numbers of another type, beside tables of another product", async () => {
  await using target = await createDatabase("empty");
  const { stdout, stderr, code } = await callCommand(restoreCommand, ["--apply", "--json"], {
    BACKUP_STORE: place.folder,
    BACKUP_IDENTITY: place.key.identity,
    INTO_DATABASE_URL: target.url,
  });
  expect(code, stderr).toBe(0);
  const { leftOut, tables } = JSON.parse(stdout);
  expect(leftOut).toContain("tickets.incidents, another product's table of that name: 1 rows");
  expect(await target.sql`select from tickets.incidents`).toEqual([]);
  for (const { backup, now } of tables) expect(now).toBe(backup);

  const trips = ({ sql }: OwnDatabase) => sql`
    select imei, start_time, distance_km::float8, max_speed_kmh::float8 from tracksolid.trips order by 1, 2`;
  expect((await trips(source)).length).toBeGreaterThan(400);
  expect(await trips(target)).toEqual(await trips(source));
  const [alarms] = await target.sql`
    select count(*)::int as all, (count(*) filter (where raw is null))::int as without from tracksolid.alarms`;
  expect(alarms).toEqual({ all: 930, without: 930 });
});
