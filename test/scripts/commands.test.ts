import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = resolve(import.meta.dirname, "../..");

const commands = Object.entries(manifest.scripts).flatMap(([name, line]) => {
  const file = /^node (scripts\/db-[a-z-]+\.ts)$/.exec(line)?.[1];
  return file === undefined || name === "db:snapshot" ? [] : [{ name, file }];
});

/** A call in a process of its own, without a database. */
const call = (file: string, ...words: string[]) =>
  promisify(execFile)(process.execPath, [join(root, file), ...words], {
    env: { ...process.env, DATABASE_URL: "" },
  })
    .then((output) => ({ ...output, code: 0 }))
    .catch((error: { stdout: string; stderr: string; code: number }) => error);

it.each(commands)(
  "$name says how it is called, and refuses what it does not know",
  async ({ name, file }) => {
    const [helped, mistyped] = await Promise.all([call(file, "--help"), call(file, "--aply")]);
    expect(helped).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining(`npm run ${name}`) });
    expect(mistyped).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("'--aply'") });
  },
);

it("asks for a database", async () => {
  expect(await call("scripts/db-check.ts")).toMatchObject({
    ...{ code: 2, stderr: "Set DATABASE_URL to a direct connection as tracksolid_owner.\n" },
  });
});
