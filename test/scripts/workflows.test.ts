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
    [
      ...[
        "ARCHIVE_AWS_ACCESS_KEY_ID",
        "ARCHIVE_AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "BACKUP_IDENTITY",
      ],
      ...["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "DATABASE_URL"],
    ].map((name) => `secrets.${name}`),
  );
  expect(texts.filter((text) => text.includes("secrets.")).length).toBe(3);
});

it("backs up every night without the secret key, which the drill alone has", async () => {
  const text = await readFile(`${FOLDER}/backup.yml`, "utf8");
  const [, backup = "", drill = ""] = text.split(/^ {2}(?:backup|drill):$/m);
  const commands = (job: string) => [...job.matchAll(/^ {6}- run: (.*)$/gm)].map(([, command]) => command);
  expect(commands(backup)).toEqual(["npm ci", "npm run backup -- --apply", "npm run backup:verify"]);
  expect(commands(drill)).toEqual(["npm ci", "npm run restore -- --scratch"]);
  expect([backup.includes("BACKUP_IDENTITY"), drill.includes("BACKUP_IDENTITY")]).toEqual([false, true]);
  expect([backup.includes("DATABASE_URL"), drill.includes("DATABASE_URL")]).toEqual([true, false]);
  // Nobody approves a job at night: neither is in the environment that asks for it.
  expect(text).not.toContain("environment: production");
  // A drill that is due is not taken for a backup, nor the other way round.
  const weekly = "10 2 * * 0";
  expect(text).toContain(`    - cron: "${weekly}"\n`);
  expect(backup).toContain(`    if: github.event.schedule != '${weekly}'\n`);
  expect(drill).toContain(`    if: github.event.schedule == '${weekly}' ||`);
});
