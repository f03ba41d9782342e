import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, it } from "vitest";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { migrateCommand } from "../../../scripts/db-migrate.ts";
import { callCommand } from "../../setup/command.ts";
import { connect, createDatabase } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";
import { shapeOf } from "./shape.ts";

const adopt = (url: string, ...words: string[]) => callCommand(adoptCommand, words, { DATABASE_URL: url });

it("tells first and changes nothing", async () => {
  await using database = await oldDatabase();
  const before = await shapeOf(database.sql);
  const { code, stdout } = await adopt(database.url);
  expect(code).toBe(0);
  for (const line of [
    /^exists +tracksolid\.schema_migrations: 18 of the earlier system, 02_migration\.sql to 19_migration\.sql$/m,
    /^added +tracksolid\.live_positions: column fix_at, kept equal to gps_time$/m,
    /^left alone +tracksolid\.devices: columns depot$/m,
    /^kept +reporting\.v_trips: a materialized view of reporting_refresher/m,
    /^left alone +schema infrastructure: 1 relations/m,
    /Nothing was changed/,
  ]) {
    expect(stdout).toMatch(line);
  }
  expect(await shapeOf(database.sql)).toEqual(before);
});

it("shows the change as SQL that somebody can read, and run", async () => {
  await using database = await oldDatabase();
  const { code, stdout } = await adopt(database.url, "--sql");
  expect(code).toBe(0);
  await using reader = connect(database.url);
  // Roles belong to the whole server, where other tests adopt, too.
  await expect
    .poll(() =>
      reader
        .unsafe(stdout)
        .simple()
        .then(
          () => "done",
          ({ message }) =>
            reader
              .unsafe("rollback")
              .simple()
              .then(() => message),
        ),
    )
    .toBe("done");
  expect((await adopt(database.url)).stdout).toMatch(/\d+ steps are left/);
  expect((await adopt(database.url, "--apply")).code).toBe(0);
});

it("refuses a database that is not of the earlier system", async () => {
  await using empty = await createDatabase("empty");
  expect(await adopt(empty.url, "--apply")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("it lacks tracksolid.devices, tracksolid.live_positions"),
  });
  await using ours = await createDatabase("migrated");
  expect(await adopt(ours.url, "--apply")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("adopted already, or was never another's"),
  });
});

it("is not done by who cannot change owners", async () => {
  await using database = await oldDatabase({ history: false });
  const name = `somebody_${randomUUID().slice(0, 8)}`;
  await database.sql.unsafe(`create role ${name} login password 'x'`);
  const url = Object.assign(new URL(database.url), { username: name, password: "x" }).href;
  try {
    expect(await adopt(url, "--apply")).toMatchObject({
      code: 1,
      stderr: `${name} is no superuser and cannot change owners: connect as one.\n`,
    });
  } finally {
    await database.sql.unsafe(`drop role ${name}`);
  }
});

it("has nothing of theirs happen again", async () => {
  await using database = await oldDatabase({
    variant: `
      create table tracksolid.changes (imei text);
      create function tracksolid.note_change() returns trigger language plpgsql as $$
      begin insert into tracksolid.changes values (new.imei); new.created_at := now(); return new; end $$;`,
  });
  await database.sql`update tracksolid.trips set created_at = '2026-01-01'`;
  await database.sql`
    create trigger note before update on tracksolid.trips for each row execute function tracksolid.note_change()`;
  expect((await adopt(database.url, "--apply")).stderr).toBe("");
  expect(await database.sql`select count(*)::int as count from tracksolid.changes`).toEqual([{ count: 0 }]);
  const at = new Date("2026-01-01T00:00:00Z");
  expect(await database.sql`select distinct created_at, received_at from tracksolid.trips`).toEqual([
    { created_at: at, received_at: at },
  ]);
});

it("is not stopped by what was wrong long ago", async () => {
  await using database = await oldDatabase();
  await database.sql`update tracksolid.position_history set direction = 40000 where gps_time < '2026-07-02'`;
  await database.sql`update tracksolid.live_positions set gps_time = '2035-01-01' where imei = '860000000000013'`;
  const { code, stderr, stdout } = await adopt(database.url, "--apply");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(/left as they were in tracksolid\.live_positions' +│ 1 /);
  const [row] = await database.sql`
    select (select count(*)::int from tracksolid.position_history where heading_deg is null) > 0 as unknown,
      (select fix_at from tracksolid.live_positions where imei = '860000000000013') as fix_at`;
  expect(row).toEqual({ unknown: true, fix_at: null });
});

it("lets one adopt at a time", async () => {
  await using database = await oldDatabase();
  const both = await Promise.all([adopt(database.url, "--apply"), adopt(database.url, "--apply")]);
  expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(both.find(({ code }) => code === 1)?.stderr).toMatch(/Somebody else migrates or adopts/);
});

it("does not wait behind a long query, nor lets anybody wait behind it, and says whose it is", async () => {
  await using database = await oldDatabase();
  await using other = connect(database.url);
  const before = await shapeOf(database.sql);
  await other.begin(async (tx) => {
    await tx`select count(*) from tracksolid.trips`;
    const { code, stderr } = await adopt(database.url, "--apply");
    expect(code).toBe(1);
    expect(stderr).toMatch(/no moment in which all tables were free/);
    expect(stderr).toMatch(
      /process \d+ of postgres, since 00:\d\d:\d\d, on .*tracksolid\.trips.*select count/,
    );
  });
  expect(await shapeOf(database.sql)).toEqual(before);
  expect(await adopt(database.url, "--apply")).toMatchObject({ code: 0, stderr: "" });
});

it("changes nothing where the change fails half-way", async () => {
  // Ours makes a view of this type's name, long after the tables.
  await using database = await oldDatabase({ variant: "create type reporting.v_vehicles as (a int)" });
  const before = await shapeOf(database.sql);
  const { code, stderr } = await adopt(database.url, "--apply");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^Nothing was changed: .*v_vehicles/);
  expect(await shapeOf(database.sql)).toEqual(before);
  expect((await database.sql`select to_regnamespace('private') as there`)[0]).toEqual({ there: null });
});

it("goes on after it was cut off, and the earlier system never notices", async () => {
  await using database = await oldDatabase({ everyS: 60 });
  const command = spawn(process.execPath, ["scripts/db-adopt.ts", "--apply"], {
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: "ignore",
  });
  const begun = async () => {
    const [row] = await database.sql`select to_regclass('private.adoption') is not null as there`;
    if (!row?.there) return false;
    const [fill] = await database.sql`
      select rows > 0 as begun from private.adoption where relation = 'tracksolid.position_history' and kind = 'fill'`;
    return fill?.begun === true;
  };
  await expect.poll(begun, { timeout: 60_000, interval: 5 }).toBe(true);
  command.kill("SIGKILL");
  await once(command, "exit");
  await database.sql`
    insert into tracksolid.trips (imei, start_time, end_time, distance_km) values ('860000000000011', '2026-08-02T08:00Z', '2026-08-02T09:00Z', 1)`;
  // What is unfinished is not migrated past.
  expect(await callCommand(migrateCommand, [], { DATABASE_URL: database.url })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("npm run db:adopt"),
  });
  expect((await adopt(database.url)).stdout).toMatch(/Adopted, but \d+ steps are left/);
  // The server ends what the dead one had begun as soon as it notices.
  const second = await adopt(database.url, "--apply");
  expect(second.stderr).toBe("");
  expect(second.code).toBe(0);
  const [left] = await database.sql`
    select (select count(*)::int from tracksolid.position_history where speed_kmh is null) as fixes,
      (select count(*)::int from private.adoption where done_at is null) as steps`;
  expect(left).toEqual({ fixes: 0, steps: 0 });
  expect((await callCommand(migrateCommand, [], { DATABASE_URL: database.url })).code).toBe(0);
});

it("lets the earlier system write while it is adopted", async () => {
  await using database = await oldDatabase({ everyS: 60 });
  await using writer = connect(database.url);
  let writes = 0;
  let ended = false;
  const writing = (async () => {
    while (!ended) {
      writes += 1;
      await writer`
        insert into tracksolid.position_history (imei, gps_time, lat, lng, speed, source)
        values ('860000000000011', '2026-08-01T00:00Z'::timestamptz + make_interval(secs => ${writes}), -1.3, 36.8, 40, 'poll')
        on conflict (imei, gps_time) do nothing`;
    }
  })();
  const { code } = await adopt(database.url, "--apply");
  ended = true;
  await writing;
  expect(code).toBe(0);
  const [row] = await database.sql`
    select count(*)::int as fixes, count(*) filter (where speed_kmh is distinct from 40)::int as unfilled
    from tracksolid.position_history where gps_time >= '2026-08-01T00:00Z'`;
  expect(row).toEqual({ fixes: writes, unfilled: 0 });
});
