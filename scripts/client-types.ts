import { writeFile } from "node:fs/promises";
import { ANSWERS_FILE, answerTypes, readDocument } from "./client/answers.ts";

await writeFile(ANSWERS_FILE, await answerTypes(await readDocument()));
console.log(`Wrote ${ANSWERS_FILE}.`);
