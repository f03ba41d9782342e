import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracksolid-openapi-"));
  file = join(folder, "openapi.json");
});
afterAll(() => rm(folder, { recursive: true }));

const root = resolve(import.meta.dirname, "../..");
const checkedIn = () => readFile(join(root, "docs/openapi.json"), "utf8");

/** Runs `npm run openapi` on the test's own file. */
const run = () =>
  new Promise<{ code: number; output: string }>((done) => {
    execFile(
      process.execPath,
      ["scripts/openapi.ts", "--file", file],
      { cwd: root },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

it("writes what is checked in", async () => {
  const { code, output } = await run();
  expect([code, output]).toEqual([0, expect.stringContaining("describes version")]);
  expect(await readFile(file, "utf8")).toBe(await checkedIn());
});

it("refuses to take away what a client relies on, says what, and writes nothing", async () => {
  const document = JSON.parse(await checkedIn());
  document.paths["/v1/old"] = { get: { responses: {} } };
  const before = JSON.stringify(document);
  await writeFile(file, before);
  const { code, output } = await run();
  expect(code).toBe(1);
  expect(output).toContain("GET /v1/old: is gone");
  expect(output).toContain("raise the major in workers/api/openapi.ts");
  expect(await readFile(file, "utf8")).toBe(before);
});

it("takes it away under a higher major", async () => {
  const document = JSON.parse(await checkedIn());
  document.paths["/v1/old"] = { get: { responses: {} } };
  document.info.version = "0.9.0";
  await writeFile(file, JSON.stringify(document));
  expect((await run()).code).toBe(0);
  expect(await readFile(file, "utf8")).toBe(await checkedIn());
});
