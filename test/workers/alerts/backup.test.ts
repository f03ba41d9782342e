import { env } from "cloudflare:workers";
import { afterEach, expect, it } from "vitest";
import { askBackup } from "../../../workers/alerts/sources/backup.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const HOUR_MS = 3_600_000;

const ours = { ...env, ALERT_BACKUPS: "on" } as Env;

const put = new Set<string>();
afterEach(async () => {
  await env.BUCKET.delete([...put]);
  put.clear();
});

async function store(key: string, body: string): Promise<void> {
  put.add(key);
  await env.BUCKET.put(key, body);
}

/** A backup of so many hours ago. @returns its id */
async function backUp(hoursAgo: number): Promise<string> {
  const at = new Date(NOW - hoursAgo * HOUR_MS).toISOString().slice(0, 19).replaceAll(":", "-");
  const id = `${at}Z-019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55`;
  await store(`backup/manifests/${id}.json`, "{}");
  return id;
}

const verify = (id: string, isWell: boolean, faults: string[] = [], level = "rows") =>
  store(`backup/verified/${id}.json`, JSON.stringify({ id, isWell, faults, level }));

const told = async () => (await askBackup(ours, NOW)).map(({ rule, text }) => `${rule}: ${text}`);

it("misses a backup, where there is none that is whole", async () => {
  const nothing = ["backup_missing: nothing is under backup/manifests/ in R2"];
  expect(await told()).toEqual(nothing);
  await store("backup/begun/2026-11-22T02-10-00Z-019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55.json", "{}");
  await store("backup/pieces/a/b", "x");
  await store("backup/manifests/readme.json", "somebody's");
  await store("backup/manifests/2026-99-22T02-10-00Z-019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55.json", "{}");
  expect(await told()).toEqual(nothing);
  expect(await askBackup({ ...env, ALERT_BACKUPS: "off" } as Env, NOW)).toEqual([]);
});

it("misses a fresh one after 26 hours, by when its snapshot was taken", async () => {
  await verify(await backUp(26), true);
  expect(await told()).toEqual([]);
  expect((await askBackup(ours, NOW + 1_000)).map(({ text }) => text)).toEqual([
    "the newest is of 2026-11-21T10:00:00.000Z",
  ]);
});

it("goes by what was said last of a backup", async () => {
  const [older, newer] = [await backUp(30), await backUp(6)];
  // The night after the first one: nobody has looked.
  const nobody = "backup_unverified: nobody has looked at any of the last eight days: npm run backup:verify";
  expect(await told()).toEqual([nobody]);
  await verify(older, true);
  expect(await told()).toEqual([]);
  await verify(newer, false, ["pieces/a/b is missing.", "and more"]);
  expect(await told()).toEqual([
    "backup_unverified: the backup of 2026-11-22T06:00:00.000Z is not well: pieces/a/b is missing.",
  ]);
  // What cannot be read says nothing.
  await store(`backup/verified/${newer}.json`, '{"isWell": "yes"}');
  expect(await told()).toEqual([]);
  await store(`backup/verified/${older}.json`, "<html>");
  expect(await told()).toEqual([nobody]);
});

it("has a drill that failed answered by another, not by a look at less", async () => {
  const [older, newer, newest] = [await backUp(50), await backUp(26), await backUp(2)];
  await verify(older, false, ["Copy the rows: no"], "restored");
  await verify(newer, false, ["x is missing."], "objects");
  await verify(newest, true, [], "objects");
  expect(await told()).toEqual([
    "backup_unverified: the backup of 2026-11-20T10:00:00.000Z is not well: Copy the rows: no",
  ]);
  await verify(newest, true, [], "restored");
  expect(await told()).toEqual([]);
});

it("lets the first backup be looked at first, and does not go by one of more than eight days ago", async () => {
  await backUp(2);
  expect(await told()).toEqual([]);
  await verify(await backUp(8 * 24 + 1), true);
  expect(await told()).toEqual([]);
  await backUp(8 * 24);
  expect(await told()).toEqual([expect.stringContaining("nobody has looked")]);
});
