import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Manifest } from "../../../scripts/backup/manifest.ts";
import { goBack, readWaysBack } from "../../../scripts/database/back.ts";
import { readMigrations } from "../../../scripts/database/migrations.ts";
import { describeSchema } from "../../../scripts/database/snapshot.ts";
import { restoreCommand } from "../../../scripts/restore.ts";
import { encodeObject, keptMessage } from "../../../workers/kept/kept-object.ts";
import { hourOf } from "../../../workers/kept/put-object.ts";
import { type BackupFolder, backUpSmall, drive, makeBackupFolder } from "../../setup/backup.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let source: OwnDatabase;
let place: BackupFolder;
let made: Manifest;
let snapshotMs: number;
let newest: { file: string; number: number };

/** A backup of a database that is a migration behind this tree, and what its archive has. */
beforeAll(async () => {
  [source, place] = await Promise.all([createDatabase("migrated"), makeBackupFolder()]);
  const migrations = await readMigrations("migrations");
  newest = migrations.at(-1) as typeof newest;
  const to = migrations.at(-2)?.number ?? 0;
  await goBack(source.sql, migrations, await readWaysBack("migrations", migrations), { to, apply: true });
  await drive(source, "2026-03-01T00:00:00Z", 20);
  // What a database that was taken over has beside ours.
  await source.sql.unsafe(`
    alter table tracksolid.position_history add column geom text default e'a\\tb\\\\\\n';
    create table tracksolid.trip_notes (id integer primary key, note text);
    insert into tracksolid.trip_notes values (1, 'theirs')`);
  made = (await backUpSmall(source.url, place.store, place.key)).made;
  snapshotMs = Date.parse(made.snapshotAt);
});
afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await source?.[Symbol.asyncDispose]();
});

const iso = (ms: number) => new Date(ms).toISOString();

let sequence = 0;

/** A message with a fix, as the archive has it. */
function messageOf(receivedMs: number, imei: string, changes: Record<string, unknown> = {}): string {
  sequence += 1;
  return JSON.stringify({
    ...{ v: 1, id: { producer: "test", sequence, itemsBefore: sequence - 1 }, receipt: `r${sequence}` },
    ...{
      part: { number: 1, of: 1 },
      source: "poll",
      kind: "location",
      account: "test",
      via: null,
      stored: null,
    },
    receivedAt: iso(receivedMs),
    items: [
      {
        imei,
        lat: -1,
        lng: 36,
        speed: "5",
        gpsTime: iso(receivedMs - MINUTE_MS)
          .slice(0, 19)
          .replace("T", " "),
      },
    ],
    ...changes,
  });
}

async function put(key: string, body: string | Uint8Array, putMs = snapshotMs): Promise<void> {
  const path = join(place.folder, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
  await utimes(path, putMs / 1_000, putMs / 1_000);
}

const archive = (receivedMs: number, name: string, messages: string[], putMs?: number) =>
  put(
    `raw/${hourOf(iso(receivedMs))}/${name}.ndjson.gz`,
    encodeObject(messages.map((text) => keptMessage(text))),
    putMs,
  );

const call = (words: string[], environment: Record<string, string> = {}) =>
  callCommand(restoreCommand, words, {
    BACKUP_STORE: place.folder,
    BACKUP_IDENTITY: place.key.identity,
    ...environment,
  });

const imei = (number: number) => `86000000000020${number}`;

it("plays what was received after the snapshot, or written after it, until --at, and tells what it cannot read", async () => {
  await using target = await createDatabase("empty");
  const [after, late, outside] = [
    snapshotMs + 30 * MINUTE_MS,
    snapshotMs - 72 * HOUR_MS,
    snapshotMs + 5 * HOUR_MS,
  ];
  await archive(after, "a", [messageOf(after, imei(1)), messageOf(after + 1, imei(2))]);
  // The same once more, as when a batch was delivered twice.
  sequence -= 2;
  await archive(after, "b", [messageOf(after, imei(1)), messageOf(after + 1, imei(2))]);
  await archive(after, "c", [messageOf(after, imei(3), { v: 2 }), "no message", messageOf(after, imei(4))]);
  await put(`raw/${hourOf(iso(after))}/d.ndjson.gz`, "broken");
  // Too large for the queue: one is there, one is gone.
  const large = (key: string) => messageOf(after + 2, imei(5), { items: [], stored: key });
  await put("large/there.json", JSON.stringify(JSON.parse(messageOf(after, imei(5))).items[0]));
  await archive(after, "e", [large("large/there.json"), large("large/gone.json")]);
  // Parked for days, and written after the snapshot; and one that the backup has.
  await archive(late, "late", [messageOf(late, imei(6))], snapshotMs + MINUTE_MS);
  await archive(late, "known", [messageOf(late, imei(7))], late + MINUTE_MS);
  await archive(outside, "outside", [messageOf(outside, imei(8))]);

  const words = ["--at", iso(snapshotMs + 2 * HOUR_MS)];
  const foretold = await call(words, { INTO_DATABASE_URL: target.url });
  expect(foretold.stdout).toContain("6 archived objects");

  const { stdout, stderr, code } = await call([...words, "--apply", "--json"], {
    INTO_DATABASE_URL: target.url,
  });
  expect(code, stderr).toBe(0);
  const { replayed, steps, leftOut, tables } = JSON.parse(stdout);
  expect(leftOut).toEqual(["tracksolid.position_history: the columns geom", "tracksolid.trip_notes: 1 rows"]);
  expect(tables).toContainEqual({ table: "tracksolid.position_history", backup: 20, now: 25 });
  expect(replayed).toMatchObject({
    objects: 6,
    messages: 7,
    items: 7,
    rejected: 0,
    newestAt: iso(after + 2),
  });
  const key = (name: string) => `raw/${hourOf(iso(after))}/${name}.ndjson.gz`;
  expect(replayed.leftOut).toEqual([
    { key: key("c"), reason: "unknown_version", messages: 1 },
    { key: key("c"), reason: "unreadable_message", messages: 1 },
    { key: key("d"), reason: "unreadable_object", messages: null },
    { key: key("e"), reason: "item_missing", messages: 1 },
  ]);
  const written = await target.sql`
    select imei, count(*)::int as fixes from tracksolid.position_history where imei like '86000000000020%' group by 1 order by 1`;
  expect(written).toEqual([1, 2, 4, 5, 6].map((number) => ({ imei: imei(number), fixes: 1 })));
  expect(await target.sql`select from tracksolid.live_positions where imei = ${imei(1)}`).toHaveLength(1);
  // Its days are computed by the Worker.
  expect(await target.sql`select from private.dirty_days where imei = ${imei(6)}`).toHaveLength(1);

  // From its own level to that of this tree.
  expect(steps.map(({ step }: { step: string }) => step)[0]).toContain(made.migrations.at(-1)?.file);
  expect(made.migrations.at(-1)?.number).toBeLessThan(newest.number);
  const [level] = await target.sql`select max(number) as number from private.migrations`;
  expect(level?.number).toBe(newest.number);
  await using whole = await createDatabase("migrated");
  expect(await describeSchema(target.sql)).toBe(await describeSchema(whole.sql));
});

it("is rehearsed in a database that is thrown away, and says how much would have been lost, and for how long", async () => {
  await archive(snapshotMs + 1, "fresh", [messageOf(snapshotMs + 1, imei(9))]);
  const { stdout, stderr, code } = await call(["--scratch"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^RPO \d+ (s|min|h) for what vehicles told: .* \d+ (s|min) for everything else/m);
  expect(stdout).toMatch(/^RTO \d+ (s|min): /m);
  const noted = JSON.parse(
    Buffer.from((await place.store.get(`backup/verified/${made.id}.json`)) ?? []).toString(),
  );
  expect(noted).toMatchObject({ id: made.id, level: "restored", isWell: true, faults: [] });
});
