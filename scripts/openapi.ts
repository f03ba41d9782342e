import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createTestHarness } from "wrangler";
import { type ApiDescription, breakingChanges } from "./openapi/breaking.ts";

const HELP = `Writes docs/openapi.json: the API as the code describes it. Refuses a change that would break a client, unless the
version in workers/api/openapi.ts has a higher major.

  npm run openapi
  npm run openapi -- --file FILE      somewhere else`;

const root = resolve(import.meta.dirname, "..");

const { values } = parseArgs({
  options: {
    file: { type: "string", default: resolve(root, "docs/openapi.json") },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(HELP);
else process.exitCode = await write(values.file);

async function write(file: string): Promise<number> {
  const now = await describe();
  if (existsSync(file)) {
    const before = JSON.parse(readFileSync(file, "utf8")) as ApiDescription;
    const changes = breakingChanges(before, now);
    if (changes.length > 0 && majorOf(now) <= majorOf(before)) {
      console.error(
        `This would break clients of version ${before.info.version}:\n\n  ${changes.join("\n  ")}\n\n` +
          "Keep what they rely on beside what is new; or raise the major in workers/api/openapi.ts. Nothing was written.",
      );
      return 1;
    }
  }
  writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
  console.log(`${file} describes version ${now.info.version}.`);
  return 0;
}

function majorOf({ info }: ApiDescription): number {
  return Number(info.version.split(".")[0]);
}

/** Asks the built Worker, which alone has every route: SQL and platform modules keep Node from loading the code. */
async function describe(): Promise<ApiDescription> {
  // The document needs no database; the Worker wants to be told of one.
  for (const binding of ["DB_INGEST", "DB_READ", "DB_ANALYST"]) {
    process.env[`CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_${binding}`] ??=
      "postgres://x:x@127.0.0.1:1/x";
  }
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  const server = createTestHarness({ workers: [{ configPath: resolve(root, "wrangler.toml") }] });
  try {
    await server.listen();
    const response = await server.fetch("/openapi.json");
    if (!response.ok) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as ApiDescription;
  } finally {
    await server.close();
  }
}
