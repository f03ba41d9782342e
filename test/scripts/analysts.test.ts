import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analystsCommand } from "../../scripts/analysts.ts";
import { apiUrl, mcpUrl } from "../../scripts/keys/target.ts";
import { keysCommand } from "../../scripts/keys.ts";
import { ANALYST_SCHEMAS, type AnalystRecord, TOKEN_FORM } from "../../shared/analysts.ts";
import { callCommand } from "../setup/command.ts";

const root = resolve(import.meta.dirname, "../..");

/** Without `--folder` only with input that it refuses: a developer's analysts are theirs. */
const refused = (...words: string[]) => callCommand(analystsCommand, words);

describe("npm run analysts, with input it refuses", () => {
  it.each<[string[], number]>([
    [[], 2],
    [["--help"], 0],
    [["make"], 2],
    [["create", "Jane"], 2],
    [["revoke"], 2],
    [["list", "all"], 2],
  ])("shows how it is called for %j", async (words, expected) => {
    const { stdout, stderr, code } = await refused(...words);
    const [help, other] = expected === 0 ? [stdout, stderr] : [stderr, stdout];
    for (const verb of ["create", "list", "revoke"]) expect(help).toContain(`npm run analysts -- ${verb}`);
    expect([code, other]).toEqual([expected, ""]);
  });

  const jane = ["create", "--name", "Jane"];

  it.each<[string[], string]>([
    [["create"], "Say who it is for with --name"],
    [["create", "--name", ""], "Say who it is for with --name"],
    [["create", "--name", " \t"], "Say who it is for with --name"],
    [["create", "--name", "x".repeat(101)], "A --name has at most 100 characters."],
    [["create", "--name", "Ja\nne"], "A --name is one line of text."],
    [["create", "--name", "Ja\x1b[31mne"], "A --name is one line of text."],
    [
      [...jane, "--schemas", "private"],
      'There is no schema "private" for analysts. Schemas: reporting, tracksolid, tickets, fuel.',
    ],
    [[...jane, "--schemas", ""], 'There is no schema "" for analysts.'],
    [[...jane, "--schemas", "tickets,,fuel"], 'There is no schema "" for analysts.'],
    [[...jane, "--schemas", "Tickets"], 'There is no schema "Tickets" for analysts.'],
    [[...jane, "--days", "0"], "--days is a number above 0, at most 3650."],
    [[...jane, "--days=-1"], "--days is a number above 0, at most 3650."],
    [[...jane, "--days", "3651"], "--days is a number above 0, at most 3650."],
    [[...jane, "--days", "soon"], "--days is a number above 0, at most 3650."],
    [[...jane, "--days", ""], "--days is a number above 0, at most 3650."],
    [["list", "--env", "dev"], '--env is staging or production, not "dev".'],
  ])("refuses %j", async (options, message) => {
    const { stdout, stderr, code } = await refused(...options);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
  });
});

it("knows where analysts of each environment connect", async () => {
  expect(await mcpUrl(root, { persistTo: "x" })).toBe("http://127.0.0.1:8787/mcp");
  expect(await mcpUrl(root, { environment: "staging" })).toBe("https://mcp-staging.example.com/mcp");
  expect(await mcpUrl(root, { environment: "production" })).toBe("https://mcp.example.com/mcp");
  expect(await apiUrl(root, { environment: "staging" })).toBe("https://api-staging.example.com");
  expect(await apiUrl(root, { environment: "production" })).toBe("https://api.example.com");
});

describe("npm run analysts, in a folder of its own", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracksolid-analysts-test-"));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const call = (...words: string[]) => callCommand(analystsCommand, [...words, "--folder", folder]);

  async function run(...words: string[]): Promise<string> {
    const { stdout, stderr } = await call(...words);
    expect(stderr).toBe("");
    return stdout;
  }

  const create = async (...options: string[]): Promise<AnalystRecord & { token: string; url: string }> =>
    JSON.parse(await run("create", "--json", ...options));
  const list = async (): Promise<AnalystRecord[]> => JSON.parse((await call("list", "--json")).stdout);
  const lifetimeDays = ({ createdAt, expiresAt }: AnalystRecord) =>
    (Date.parse(expiresAt ?? "") - Date.parse(createdAt)) / 86_400_000;

  it("makes, lists and revokes tokens, and keeps none of them", { timeout: 300_000 }, async () => {
    expect(await run("list")).toBe("There are no analysts.\n");

    const { token: first, url, ...jane } = await create("--name", " Jane ");
    const { token: second, ...other } = await create(
      ...["--name", 'Ana "Ñandú" 🚚', "--schemas", "fuel, tickets", "--days", "90"],
    );
    expect([first, second].every((token) => TOKEN_FORM.test(token))).toBe(true);
    expect(first).not.toBe(second);
    expect(url).toBe("http://127.0.0.1:8787/mcp");
    expect(jane).toMatchObject({ name: "Jane", schemas: ANALYST_SCHEMAS });
    expect(other).toMatchObject({ name: 'Ana "Ñandú" 🚚', schemas: ["reporting", "tickets", "fuel"] });
    expect([lifetimeDays(jane), lifetimeDays(other)]).toEqual([365, 90]);

    const { url: _, ...kept } = other;
    const listed = await list();
    expect(listed).toEqual([jane, kept]);
    const { stdout: table } = await call("list");
    for (const { id, name } of [jane, other]) expect(table).toMatch(new RegExp(`${id}.*${name}`));
    for (const token of [first, second]) {
      expect(table + JSON.stringify(listed)).not.toContain(token.slice(3));
      expect(await filesWith(folder, token.slice(3))).toEqual([]);
    }

    // API keys lie in the same namespace: neither command sees the other's.
    expect((await callCommand(keysCommand, ["list", "--folder", folder])).stdout).toBe(
      "There are no keys.\n",
    );
    const strange = await callCommand(keysCommand, ["revoke", jane.id, "--folder", folder]);
    expect(strange.stderr).toContain(`There is no key ${jane.id}`);

    const twin = await call("create", "--name", " JANE ");
    expect([twin.code, twin.stdout]).toEqual([1, ""]);
    expect(twin.stderr).toContain(`There is an analyst "Jane" already`);
    expect(twin.stderr).toContain(`\`revoke ${jane.id}\``);

    expect(await run("revoke", jane.id)).toBe("Revoked. It works at most another minute.\n");
    expect(await list()).toEqual([kept]);
    expect(await call("revoke", jane.id)).toMatchObject({
      code: 1,
      stderr: `There is no analyst ${jane.id}: see \`list\`.\n`,
    });
  });

  it("shows a token once, and how to connect with it", async () => {
    const { stdout } = await call("create", "--name", "Jane");
    const [token = "", ...rest] = stdout.split("\n");
    expect(token).toMatch(TOKEN_FORM);
    const shown = rest.join("\n");
    expect(shown).not.toContain(token);
    const made = (await list()).find(({ name }) => name === "Jane");
    expect(shown).toContain(`for revoking: ${made?.id}`);
    expect(shown).toContain(`It works until ${made?.expiresAt?.slice(0, 10)}`);
    expect(shown).toContain("http://127.0.0.1:8787/mcp");
    expect(shown).toContain("Authorization: Bearer");
  });

  it("makes an analyst who comes through Cloudflare Access, and has no token", async () => {
    expect(await run("create", "--name", "Mail", "--email", " Mail@Example.com ")).toContain(
      "lets through as mail@example.com",
    );
    const made = (await list()).find(({ name }) => name === "Mail");
    expect(made).toMatchObject({ email: "mail@example.com" });
    expect(made).not.toHaveProperty("token");
    for (const [email, refusal] of [
      ["MAIL@example.com", /There is an analyst "Mail" \(mail@example.com\) already/],
      ["mail", /"mail" is not an e-mail address/],
      [`${"x".repeat(100)}@example.com`, /not an e-mail address of at most 100/],
    ] as const) {
      const { code, stderr } = await call("create", "--name", "Third", "--email", email);
      expect(code).toBe(1);
      expect(stderr).toMatch(refusal);
    }
    expect((await call("revoke", made?.id ?? "")).stdout).toContain("Revoked");
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
