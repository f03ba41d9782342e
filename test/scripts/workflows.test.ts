import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const FOLDER = ".github/workflows";
const files = await readdir(FOLDER);

it.each(files)("%s runs no action but by a SHA, and may only read", async (file) => {
  const text = await readFile(`${FOLDER}/${file}`, "utf8");
  const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);
  expect(used).not.toEqual([]);
  expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(action))).toEqual([]);
  expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  // Nor may a job have more, or one that strangers start have secrets.
  expect(text.match(/permissions:|pull_request_target/g)).toEqual(["permissions:"]);
  // Otherwise the token stays in the clone, for whatever runs after.
  expect(text.match(/uses: actions\/checkout@/g)).toHaveLength(
    text.match(/persist-credentials: false/g)?.length ?? 0,
  );
});

it.each([
  ["staging", "on:\n  push:\n    branches: [main]\n", "npm run deploy:staging"],
  ["production", 'on:\n  push:\n    tags: ["v*"]\n', "npm run deploy:production -- --yes=production"],
])(
  "%s deploys what passed the tests, with the secrets of its environment in that step alone",
  async (environment, trigger, command) => {
    const text = await readFile(`${FOLDER}/${environment}.yml`, "utf8");
    expect(text).toContain(`\n\n${trigger}\npermissions:`);
    const [before = "", test = "", deploy = ""] = text.split(/^ {2}(?:test|deploy):$/m);
    expect(test).toContain("- run: .ci/run\n");
    // Where somebody has to approve it, it waits here.
    expect(deploy).toContain(`    needs: test\n`);
    expect(deploy).toContain(`    environment: ${environment}\n`);
    const [until = "", step = ""] = deploy.split(`      - run: ${command}\n`);
    expect(step).toMatch(/^ {8}env:\n(?: {10}[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}\n)+$/);
    expect(before + test + until).not.toContain("secrets.");
    // One that is broken off would leave the traffic divided.
    expect(before).toContain(`concurrency:\n  group: deploy-${environment}\n  cancel-in-progress: false\n`);
  },
);

it("tells nobody a secret elsewhere", async () => {
  const texts = await Promise.all(files.map((file) => readFile(`${FOLDER}/${file}`, "utf8")));
  const named = texts.join("").match(/secrets\.\w+/g) ?? [];
  expect([...new Set(named)].sort()).toEqual(
    ["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "DATABASE_URL"].map((name) => `secrets.${name}`),
  );
  expect(texts.filter((text) => text.includes("secrets.")).length).toBe(2);
});
