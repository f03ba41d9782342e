import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PIECES } from "../../../scripts/backup/manifest.ts";
import { listBackups } from "../../../scripts/backup/manifests.ts";
import { removeOld } from "../../../scripts/backup/remove-old.ts";
import { GRACE_MS } from "../../../scripts/backup/unneeded.ts";
import { noteVerification, readVerifications } from "../../../scripts/backup/verified.ts";
import { verifyBackup } from "../../../scripts/backup/verify.ts";
import { s3Store } from "../../../scripts/store/s3.ts";
import type { Store } from "../../../scripts/store/store.ts";
import {
  type BackupFolder,
  type BackupKey,
  backUpSmall,
  drive,
  makeBackupFolder,
  makeKey,
  makeReader,
  type Reader,
  rowsIn,
} from "../../setup/backup.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";
import { type S3Server, startS3Server } from "../../setup/s3-server.ts";

const FIXES = 600;
const HISTORY = "tracksolid.position_history";

let database: OwnDatabase;
let reader: Reader;
let server: S3Server;
let key: BackupKey;
let bucket: Store;
beforeAll(async () => {
  [database, server, key] = await Promise.all([createDatabase("migrated"), startS3Server(), makeKey()]);
  reader = await makeReader(database);
  await drive(database, "2026-10-01T00:00Z", FIXES);
  const endpoint = new URL(new URL(server.url).searchParams.get("endpoint") as string);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = server.environment;
  bucket = s3Store(
    { endpoint, bucket: "backups", prefix: "", region: "auto" },
    { accessKeyId, secretAccessKey },
    { attempts: 2, firstMs: 1, mostMs: 2 },
  );
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await Promise.all([database, server].map((one) => one[Symbol.asyncDispose]()));
});
afterEach(() => {
  server.mishap = () => undefined;
  server.objects.clear();
  server.requests.length = 0;
});

const isPiece = ({ method, key: name }: { method: string; key: string }) =>
  method === "PUT" && name.startsWith(PIECES);
const piecesThere = () => [...server.objects.keys()].filter((name) => name.startsWith(PIECES)).sort();
const keysOf = (made: { tables: { pieces: { key: string }[] }[] }) =>
  made.tables.flatMap(({ pieces }) => pieces.map((piece) => piece.key)).sort();
const connections = async () =>
  (await database.sql`select count(*)::int as count from pg_stat_activity where usename = ${reader.name}`)[0]
    ?.count;

it("goes on where a store that failed in mid-upload left it", async () => {
  let puts = 0;
  server.mishap = (request) => (isPiece(request) && ++puts > 4 ? (puts % 2 === 0 ? 503 : "cut") : undefined);
  await expect(backUpSmall(reader.url, bucket, key)).rejects.toThrow(/refused|did not answer/);
  const left = piecesThere();
  expect(left).toHaveLength(4);
  expect(await listBackups(bucket)).toEqual([]);
  expect([...server.objects.keys()].filter((name) => name.startsWith("backup/begun/"))).toHaveLength(1);
  // Nothing of it hangs about in the database.
  await expect.poll(connections).toBe(0);

  server.mishap = () => undefined;
  const { made, fresh } = await backUpSmall(reader.url, bucket, key);
  expect(fresh).not.toEqual(expect.arrayContaining(left));
  expect([...left, ...fresh].sort()).toEqual(keysOf(made));
  expect(piecesThere()).toEqual(keysOf(made));
  expect(await verifyBackup(bucket, made, [key.identity], () => {})).toMatchObject({
    isWell: true,
    faults: [],
  });
  expect((await backUpSmall(reader.url, bucket, key)).fresh).toEqual([]);
});

it("is broken off at once, and goes on", async () => {
  const over = new AbortController();
  let puts = 0;
  server.mishap = (request) => {
    if (isPiece(request) && ++puts === 3) over.abort(new Error("Ctrl-C"));
    return undefined;
  };
  await expect(backUpSmall(reader.url, bucket, key, over.signal)).rejects.toThrow("Ctrl-C");
  await expect.poll(connections).toBe(0);
  expect(await listBackups(bucket)).toEqual([]);
  const left = piecesThere();
  const { made, fresh } = await backUpSmall(reader.url, bucket, key);
  expect([...left, ...fresh].sort()).toEqual(keysOf(made));
});

it("has one state of tables that are written to and emptied while it copies them", async () => {
  let isFirst = true;
  let meanwhile: Promise<unknown> | undefined;
  server.mishap = (request) => {
    if (isPiece(request) && isFirst) {
      isFirst = false;
      // To empty it waits: what is copied is locked.
      meanwhile = drive(database, "2026-10-02T00:00Z", 50).then(
        () => database.sql`truncate tracksolid.position_history`,
      );
    }
    return undefined;
  };
  const { made } = await backUpSmall(reader.url, bucket, key);
  await meanwhile;
  const rows = await rowsIn(bucket, key, made, HISTORY);
  expect(rows).toHaveLength(FIXES);
  const [now] = await database.sql`select count(*)::int as rows from tracksolid.position_history`;
  expect(now).toEqual({ rows: 0 });
  await drive(database, "2026-10-01T00:00Z", FIXES);
});

it("says so when the database goes away, and counts nothing as done", async () => {
  let isFirst = true;
  server.mishap = (request) => {
    if (isPiece(request) && isFirst) {
      isFirst = false;
      void database.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${reader.name}`.execute();
    }
    return undefined;
  };
  await expect(backUpSmall(reader.url, bucket, key)).rejects.toThrow(
    /connection to the database was lost .* it goes on where it was/,
  );
  expect(await listBackups(bucket)).toEqual([]);
});

it("copies a hypertable chunk by chunk, every row once, whatever its chunks begin and end with", async () => {
  const { sql } = database;
  // What TimescaleDB tells of its chunks.
  await sql.unsafe(`
    create schema timescaledb_information;
    create table timescaledb_information.chunks as
      select 'tracksolid' as hypertable_schema, 'position_history' as hypertable_name, 'gps_time' as primary_dimension,
        at as range_start, at + interval '10 minutes' as range_end
      from generate_series('2026-10-01 00:10Z'::timestamptz, '2026-10-01 00:30Z', '10 minutes') at;
    grant usage on schema timescaledb_information to public;
    grant select on timescaledb_information.chunks to public`);
  try {
    const { made } = await backUpSmall(reader.url, bucket, key);
    const rows = await rowsIn(bucket, key, made, HISTORY);
    const [begin, end] = ["2026-10-01 00:20", "2026-10-01 00:30"];
    const chunks = await Promise.all(
      [
        ["-infinity", begin],
        [begin, end],
        [end, "infinity"],
      ].map(
        ([from, before]) => sql<{ row: string }[]>`
          select imei || E'\t' || to_char(gps_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as row from tracksolid.position_history
          where gps_time >= ${from as string}::text::timestamp at time zone 'UTC'
            and gps_time < ${before as string}::text::timestamp at time zone 'UTC' order by imei, gps_time`,
      ),
    );
    expect(rows.map((row) => row.slice(0, 35))).toEqual(chunks.flat().map(({ row }) => row));
  } finally {
    await sql`drop schema timescaledb_information cascade`;
  }
});

it("runs twice at once: each is whole, and neither takes what is the other's", async () => {
  // Three connections for two that want two each.
  const both = await Promise.all([
    backUpSmall(reader.url, bucket, key),
    backUpSmall(reader.url, bucket, key),
  ]);
  for (const { made } of both) {
    expect(await verifyBackup(bucket, made, [key.identity], () => {})).toMatchObject({ isWell: true });
  }
  const [one, other] = both.map(({ made }) => made.id).sort() as [string, string];
  expect(await removeOld(bucket, other, Date.now())).toEqual({ backups: [one], pieces: 0 });
});

describe("what no backup names", () => {
  let place: BackupFolder;
  beforeEach(async () => {
    place = await makeBackupFolder();
    return () => place[Symbol.asyncDispose]();
  });
  const pieces = async () => {
    const keys: string[] = [];
    for await (const stored of place.store.list(PIECES)) keys.push(stored.key);
    return keys;
  };

  it("goes two days after it was found, and whoever begins meanwhile does not count on it", async () => {
    const { made: first } = await backUpSmall(reader.url, place.store, place.key);
    const only = (await backUpSmall(reader.url, place.store, await makeKey())).made;
    // The second is for another key: all of the first's pieces are its own.
    const now = Date.now();
    expect(await removeOld(place.store, only.id, now)).toEqual({ backups: [first.id], pieces: 0 });
    expect(await pieces()).toEqual([...keysOf(first), ...keysOf(only)].sort());

    // Begun after they were found, as those are: they are put again, beside.
    const { made: third, fresh } = await backUpSmall(reader.url, place.store, place.key);
    expect(fresh.sort()).toEqual(keysOf(third));
    await removeOld(place.store, third.id, now + GRACE_MS - 60_000);
    expect(await pieces()).toEqual(expect.arrayContaining(keysOf(first)));
    await removeOld(place.store, third.id, now + GRACE_MS + 60_000);
    expect(await pieces()).not.toEqual(expect.arrayContaining(keysOf(first)));
    expect(await pieces()).toEqual(expect.arrayContaining(keysOf(third)));
    expect(await verifyBackup(place.store, third, [place.key.identity], () => {})).toMatchObject({
      isWell: true,
    });
  });

  it("goes with what was noted of it, but where that says that a piece of another is damaged", async () => {
    const { made: first } = await backUpSmall(reader.url, place.store, place.key);
    const { made: second } = await backUpSmall(reader.url, place.store, place.key);
    const damaged = keysOf(first).slice(0, 1);
    const noted = await verifyBackup(place.store, first, [], () => {});
    await noteVerification(place.store, { ...noted, isWell: false, faults: ["It is damaged."], damaged });
    expect((await removeOld(place.store, second.id, Date.now())).backups).toEqual([first.id]);
    const { made: third, fresh } = await backUpSmall(reader.url, place.store, place.key);
    expect(fresh).toHaveLength(1);
    expect(keysOf(third)).not.toContain(damaged[0]);
    expect((await removeOld(place.store, third.id, Date.now())).backups).toEqual([second.id]);
    expect(await readVerifications(place.store)).toEqual(new Map());
  });

  it("stays when a backup that had begun before comes to name it", async () => {
    const { made: first } = await backUpSmall(reader.url, place.store, place.key);
    // Another backup is made of the same pieces while the first is taken away.
    let isFirst = true;
    const meanwhile: Store = {
      ...place.store,
      async *list(prefix) {
        yield* place.store.list(prefix);
        if (prefix.startsWith(PIECES) && isFirst) {
          isFirst = false;
          const other = await backUpSmall(reader.url, place.store, await makeKey());
          await removeOld(place.store, other.made.id, Date.now());
          expect((await listBackups(place.store)).map(({ id }) => id)).toEqual([other.made.id]);
        }
      },
    };
    const { made, fresh } = await backUpSmall(reader.url, meanwhile, place.key);
    expect(fresh).toEqual([]);
    expect(keysOf(made)).toEqual(keysOf(first));
    // The other is of the same day and newer: this one stays as the newest that was found well.
    await noteVerification(place.store, await verifyBackup(place.store, made, [], () => {}));
    await removeOld(place.store, made.id, Date.now() + 2 * GRACE_MS);
    expect(await verifyBackup(place.store, made, [place.key.identity], () => {})).toMatchObject({
      isWell: true,
    });
  });
});
