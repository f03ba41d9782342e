import { readFile } from "node:fs/promises";

/** A command of ours as a document says to call it. */
export interface Said {
  name: string;
  /** Names of its options, without the dashes. */
  options: string[];
}

/** Every `npm run` of a document. */
export async function commandsIn(document: string): Promise<Said[]> {
  const text = await readFile(document, "utf8");
  return [...text.matchAll(/npm run (?:-s )?([\w:-]+)([^`|;\n]*)/g)].map(([, name = "", rest = ""]) => ({
    name,
    options: [...rest.matchAll(/ --([a-z][a-z-]*)/g)].map(([, option = ""]) => option),
  }));
}
