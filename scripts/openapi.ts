import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, runFromTerminal } from "./command.ts";
import { type ApiDescription, breakingChanges } from "./openapi/breaking.ts";
import { readDocument } from "./openapi/document.ts";

const root = resolve(import.meta.dirname, "..");

const options = { file: { type: "string", default: resolve(root, "docs/openapi.json") } } as const;

export const openapiCommand: Command<typeof options> = {
  help: `Writes docs/openapi.json: the API as the code describes it. Refuses a change that would break a client, unless the
version in workers/api/openapi.ts has a higher major.

  npm run openapi
  npm run openapi -- --file /tmp/openapi.json

  --file FILE  somewhere else; what is there is what may not break

What it wrote shows in git diff. Ends with 1, and writes nothing, where it would break a client.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values: { file }, log, error, result }) {
    const now = (await readDocument()) as ApiDescription;
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ApiDescription) : null;
    const breaking = before && majorOf(now) <= majorOf(before) ? breakingChanges(before, now) : [];
    const { version } = now.info;
    result({ file, version, breaking, written: breaking.length === 0 });
    if (before && breaking.length > 0) {
      error(
        `This would break clients of version ${before.info.version}:\n\n  ${breaking.join("\n  ")}\n\n` +
          "Keep what they rely on beside what is new; or raise the major in workers/api/openapi.ts. Nothing was written.",
      );
      return 1;
    }
    writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
    log(`${file} describes version ${version}.`);
    return 0;
  },
};

const majorOf = ({ info }: ApiDescription): number => Number(info.version.split(".")[0]);

if (import.meta.main) await runFromTerminal(openapiCommand);
