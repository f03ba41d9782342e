import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addChecksums, readChecksums } from "../../scripts/database/checksums.ts";
import { readMigrations } from "../../scripts/database/migrations.ts";

it("has every migration as it was when it was released (npm run db:snapshot adds new ones)", async () => {
  const migrations = await readMigrations("migrations");
  expect(Object.fromEntries(await readChecksums("migrations/checksums.txt"))).toEqual(
    Object.fromEntries(migrations.map(({ file, checksum }) => [file, checksum])),
  );
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-checksums-"));
  await copyFile("migrations/0002_time_series.sql", join(folder, "0001_a.sql"));
  await writeFile(join(folder, "checksums.txt"), "");
});
afterEach(() => rm(folder, { recursive: true }));

const add = async () => addChecksums(join(folder, "checksums.txt"), await readMigrations(folder));

it("adds a new file, and refuses one that was changed or taken away", async () => {
  await add();
  await writeFile(join(folder, "0002_b.sql"), "select 1");
  await add();
  expect([...(await readChecksums(join(folder, "checksums.txt"))).keys()]).toEqual([
    "0001_a.sql",
    "0002_b.sql",
  ]);
  await writeFile(join(folder, "0002_b.sql"), "select 2");
  await expect(add()).rejects.toThrow("0002_b.sql was released and is not as it was");
  await rm(join(folder, "0002_b.sql"));
  await expect(add()).rejects.toThrow("0002_b.sql was released");
});
