import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

/** Every environment of `wrangler.toml`; "" is the top level. */
const ENVIRONMENTS = ["", "staging", "production"];

const root = resolve(import.meta.dirname, "..");

/** Bundles each environment as a deploy would, without uploading. A warning is a failure: wrangler deploys in spite of it. */
for (const environment of ENVIRONMENTS) {
  const name = environment || "dev";
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules", "wrangler", "bin", "wrangler.js"),
      ...["deploy", "--dry-run", "--outdir", join(root, "dist", name), `--env=${environment}`],
    ],
    { cwd: root, encoding: "utf8", env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" } },
  );
  const output = stdout + stderr;
  const size = /Total Upload: (.*)/.exec(output)?.[1];
  if (status !== 0 || /warning/i.test(output) || size === undefined) {
    console.error(`${name}: the dry-run deploy failed or warned.\n${output}`);
    process.exit(1);
  }
  console.log(`${name}: ${size}`);
}
