import { writeFile } from "node:fs/promises";
import { ANSWERS_FILE, answerTypes, type SchemaDocument } from "./client/answers.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { readDocument } from "./openapi/document.ts";

export const clientTypesCommand: Command<Record<never, never>> = {
  help: `Writes the types of the API's answers, beside the client that gives them, from the document that the code describes.

  npm run client:types

What it wrote shows in git diff.`,
  options: {},
  takes: (words) => words.length === 0,
  async run({ log, result }) {
    await writeFile(ANSWERS_FILE, await answerTypes((await readDocument()) as SchemaDocument));
    log(`Wrote ${ANSWERS_FILE}.`);
    result({ file: ANSWERS_FILE });
    return 0;
  },
};

if (import.meta.main) await runFromTerminal(clientTypesCommand);
