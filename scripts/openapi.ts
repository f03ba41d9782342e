import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type ApiDescription, breakingChanges } from "./openapi/breaking.ts";
import { readDocument } from "./openapi/document.ts";

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
  const now = (await readDocument()) as ApiDescription;
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
