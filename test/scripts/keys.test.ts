import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keysCommand } from "../../scripts/keys.ts";
import { KEY_FORM, type KeyRecord } from "../../shared/access.ts";
import { callCommand } from "../setup/command.ts";

const root = resolve(import.meta.dirname, "../..");

interface Outcome {
  stdout: string;
  stderr: string;
  /** Absent is 0. */
  code?: number;
}

/** Without `--folder` only with input that it refuses: a developer's keys are theirs. */
const refused = (...words: string[]) => callCommand(keysCommand, words);

/** Runs the command line. */
async function keysIn(environment: Record<string, string>, ...options: string[]): Promise<Outcome> {
  const script = join(root, "scripts/keys.ts");
  const env = { ...process.env, ...environment };
  return promisify(execFile)(process.execPath, [script, ...options], { env }).catch(
    (error: Outcome) => error,
  );
}

describe("npm run keys, with input it refuses", () => {
  it.each<[string[], number]>([
    [[], 2],
    [["--help"], 0],
    [["make"], 2],
    [["revoke"], 2],
    [["list", "all"], 2],
  ])("shows how it is called for %j", async (words, expected) => {
    const { stdout, stderr, code } = await refused(...words);
    const [help, other] = expected === 0 ? [stdout, stderr] : [stderr, stdout];
    for (const verb of ["create", "list", "revoke"]) expect(help).toContain(`npm run keys -- ${verb}`);
    expect([code, other]).toEqual([expected, ""]);
  });

  const sk = ["create", "--label", "x"];
  const pk = [...sk, "--origins"];

  it.each<[string[], string]>([
    [["create"], "Give it a --label"],
    [["create", "--label", ""], "Give it a --label"],
    [
      [...sk, "--scopes", "write"],
      'There is no scope "write". Scopes: read, admin, geofences:write, tickets:write, insights:write.',
    ],
    [[...sk, "--scopes", ""], 'There is no scope "".'],
    [[...sk, "--scopes", "read,,admin"], 'There is no scope "".'],
    [[...sk, "--days", "0"], "--days is a number above 0, at most 36500."],
    [[...sk, "--days=-1"], "--days is a number above 0, at most 36500."],
    [[...sk, "--days", "soon"], "--days is a number above 0, at most 36500."],
    [[...sk, "--days", ""], "--days is a number above 0, at most 36500."],
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
    [[...sk, "--email", "jane"], '"jane" is not an e-mail address.'],
    [[...sk, "--email", ""], '"" is not an e-mail address.'],
    [[...pk, "https://a.example.com", "--email", "jane@example.com"], "leave out --origins, or --email"],
    [["create", "--label", "x".repeat(601)], "at most 600 bytes"],
    [["list", "--env", "dev"], '--env is staging or production, not "dev".'],
    [["list", "--env", "Production"], '--env is staging or production, not "Production".'],
  ])("refuses %j", async (options, message) => {
    const { stdout, stderr, code } = await refused(...options);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
  });

  it("refuses what it does not know, as a process", async () => {
    const { stdout, stderr, code } = await keysIn({}, "list", "--verbose");
    expect(code).toBe(2);
    expect(stderr).toContain("Unknown option '--verbose'");
    expect(stdout).toBe("");
  });
});

describe("npm run keys, in a folder of its own", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracksolid-keys-test-"));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const call = (...words: string[]) => callCommand(keysCommand, [...words, "--folder", folder]);

  async function run(...words: string[]): Promise<string> {
    const { stdout, stderr } = await call(...words);
    expect(stderr).toBe("");
    return stdout;
  }

  const create = async (...options: string[]): Promise<KeyRecord & { key: string }> =>
    JSON.parse(await run("create", "--json", ...options));
  const list = async (): Promise<KeyRecord[]> => JSON.parse(await run("list", "--json"));

  it("makes, lists and revokes keys, and keeps none of them", { timeout: 300_000 }, async () => {
    expect(await run("list")).toBe("There are no keys.\n");

    const { key: sk, ...secret } = await create("--label", "Depot screen", "--scopes", "read, admin");
    const origins = ["https://map.example.com", "http://localhost:8787"];
    const { key: pk, ...publishable } = await create(
      ...["--label", 'Karte "Nord" 🚚', "--origins", origins.join(", "), "--days", "365"],
    );

    expect([sk, pk].every((key) => KEY_FORM.test(key))).toBe(true);
    expect([sk.slice(0, 3), pk.slice(0, 3)]).toEqual(["sk_", "pk_"]);
    expect(secret).toMatchObject({
      kind: "sk",
      label: "Depot screen",
      scopes: ["read", "admin"],
      origins: [],
    });
    expect(secret.expiresAt).toBeNull();
    expect(publishable).toMatchObject({ kind: "pk", label: 'Karte "Nord" 🚚', scopes: ["read"], origins });
    const lifetimeMs = Date.parse(publishable.expiresAt ?? "") - Date.parse(publishable.createdAt);
    expect(Math.round(lifetimeMs / 86_400_000)).toBe(365);

    const listed = await list();
    expect(listed).toEqual([secret, publishable]);
    const table = await run("list");
    for (const { id, label } of [secret, publishable]) expect(table).toMatch(new RegExp(`${id}.*${label}`));
    for (const key of [sk, pk]) {
      expect(table + JSON.stringify(listed)).not.toContain(key.slice(3));
      expect(await filesWith(folder, key.slice(3))).toEqual([]);
    }

    expect(await run("revoke", secret.id)).toBe("Revoked. It works at most another minute.\n");
    expect(await list()).toEqual([publishable]);
    expect((await call("revoke", secret.id)).stderr).toContain(`There is no key ${secret.id}`);
  });

  it("shows a new key once, and its id for revoking", async () => {
    const shown = await run("create", "--label", "Second screen");
    const [key = "", ...rest] = shown.split("\n");
    expect(key).toMatch(KEY_FORM);
    const made = (await list()).find(({ label }) => label === "Second screen");
    expect(rest.join("\n")).toContain(`for revoking: ${made?.id}`);
  });

  it("makes somebody known by an e-mail address, who needs no key", async () => {
    const words = ["--label", "Jane", "--email", "Jane@Example.com", "--scopes", "read,admin"];
    const { stdout } = await call("create", "--json", ...words);
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({ kind: "person", email: "jane@example.com", scopes: ["read", "admin"] });
    expect(record).not.toHaveProperty("key");
    expect(await list()).toContainEqual(record);
    expect(await run("list")).toMatch(/person.*Jane.*jane@example\.com/);
    const again = await call("create", "--label", "Jane", "--email", "jane@example.com");
    expect([again.code, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toContain(`known already, and may read, admin: \`revoke ${record.id}\` first`);
    expect(await list()).toContainEqual(record);
    expect(await run("revoke", record.id)).toContain("Revoked");
    expect(await list()).not.toContainEqual(record);
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
