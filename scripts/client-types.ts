import { writeFile } from "node:fs/promises";
import { ANSWERS_FILE, answerTypes, type SchemaDocument } from "./client/answers.ts";
import { readDocument } from "./openapi/document.ts";

await writeFile(ANSWERS_FILE, await answerTypes((await readDocument()) as SchemaDocument));
console.log(`Wrote ${ANSWERS_FILE}.`);
