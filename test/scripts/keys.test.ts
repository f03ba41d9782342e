import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKey, listKeys, revokeKey, type Target } from "../../scripts/keys/store.ts";
import { KEY_FORM, type KeyRecord, keyName } from "../../shared/access.ts";

const root = resolve(import.meta.dirname, "../..");

/** Runs the command line. Only with input that it refuses: what it accepts goes into the developer's own state. */
async function keys(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, [join(root, "scripts/keys.ts"), ...options]);
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe("npm run keys, with input it refuses", () => {
  it("shows its help and what was missing: a command", async () => {
    const { code, stdout } = await keys();
    expect(code).toBe(2);
    expect(stdout).toContain("npm run keys -- create");
  });

  it("shows its help on demand", async () => {
    const { code, stdout, stderr } = await keys("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of ["create", "list", "revoke"])
      expect(stdout).toContain(`npm run keys -- ${command}`);
  });

  const sk = ["create", "--label", "x"];
  const pk = [...sk, "--origins"];

  it.each<[string[], string]>([
    [["make"], 'There is no command "make".'],
    [["create"], "Give it a --label"],
    [["create", "--label", ""], "Give it a --label"],
    [[...sk, "--scopes", "write"], 'There is no scope "write". Scopes: read, admin.'],
    [[...sk, "--scopes", ""], 'There is no scope "".'],
    [[...sk, "--scopes", "read,,admin"], 'There is no scope "".'],
    [[...sk, "--days", "0"], "--days is a number above 0."],
    [[...sk, "--days=-1"], "--days is a number above 0."],
    [[...sk, "--days", "soon"], "--days is a number above 0."],
    [[...sk, "--days", ""], "--days is a number above 0."],
    [[...pk, "map.example.com"], '"map.example.com" is not an origin'],
    [[...pk, "https://map.example.com/"], '"https://map.example.com/" is not an origin'],
    [[...pk, "https://map.example.com/path"], "without a path"],
    [[...pk, "https://MAP.example.com"], "is not an origin"],
    [[...pk, "*"], '"*" is not an origin'],
    [[...pk, "null"], '"null" is not an origin'],
    [[...pk, "file:///map.html"], "is not an origin"],
    [[...pk, ""], '"" is not an origin'],
    [[...pk, "https://a.example.com,"], '"" is not an origin'],
    [[...pk, "https://a.example.com", "--scopes", "read,admin"], "it can only have the scope read"],
    [["create", "--label", "x".repeat(601)], "at most 600 characters"],
    [["revoke"], "Say which"],
    [["list", "--env", "dev"], '--env is staging or production, not "dev".'],
    [["list", "--env", "Production"], '--env is staging or production, not "Production".'],
    [["list", "--verbose"], "Unknown option '--verbose'"],
    [["create", "--label"], "'--label <value>' argument missing"],
  ])("refuses %j", async (options, message) => {
    const { code, stdout, stderr } = await keys(...options);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("the key store, in a folder of its own", () => {
  const record = (change: Partial<KeyRecord> = {}): KeyRecord => ({
    id: "first",
    kind: "sk",
    label: "Depot screen",
    scopes: ["read", "admin"],
    origins: [],
    createdAt: "2026-01-15T08:30:00.000Z",
    expiresAt: null,
    ...change,
  });
  const secret = record();
  const publishable = record({
    id: "second",
    kind: "pk",
    label: 'Karte "Nord" 🚚',
    scopes: ["read"],
    origins: ["https://map.example.com", "http://localhost:8787"],
    createdAt: "2026-01-16T08:30:00.000Z",
    expiresAt: "2027-01-15T08:30:00.000Z",
  });

  let folder: string;
  let target: Target;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracksolid-keys-test-"));
    target = { persistTo: folder };
  });

  afterAll(() => rm(folder, { recursive: true }));

  it("makes, lists and revokes keys, and keeps none of them", async () => {
    expect(await listKeys(root, target)).toEqual([]);

    // The younger first: the list is in the order of age.
    const pk = await createKey(root, target, publishable);
    const sk = await createKey(root, target, secret);
    expect([pk, sk].every((key) => KEY_FORM.test(key))).toBe(true);
    expect([pk.slice(0, 3), sk.slice(0, 3)]).toEqual(["pk_", "sk_"]);

    const listed = await listKeys(root, target);
    expect(listed).toEqual([
      { name: await keyName(sk), record: secret },
      { name: await keyName(pk), record: publishable },
    ]);
    for (const key of [pk, sk]) {
      expect(JSON.stringify(listed)).not.toContain(key.slice(3));
      expect(await filesWith(folder, key.slice(3))).toEqual([]);
    }

    expect(await revokeKey(root, target, "nobody")).toBe(false);
    expect(await revokeKey(root, target, "first")).toBe(true);
    expect((await listKeys(root, target)).map(({ record: { id } }) => id)).toEqual(["second"]);
    expect(await revokeKey(root, target, "first")).toBe(false);
  });

  it("leaves no file behind in which it handed a record over", async () => {
    expect((await readdir(tmpdir())).filter((name) => name.startsWith("tracksolid-key-"))).toEqual([]);
  });
});

/** Files below a folder that hold a text. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(0);
  const held = await Promise.all(files.map(async (file) => (await readFile(file)).includes(text)));
  return files.filter((_, index) => held[index]);
}
