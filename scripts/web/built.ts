import { readFile, rename, writeFile } from "node:fs/promises";
import type { Files } from "./files.ts";
import { filesIn } from "./put.ts";

/** Beside the folder, which holds nothing but what is served. */
const noteOf = (folder: string) => `${folder}.json`;

/** What was built last. */
interface Note {
  inputs: string;
  files: string[];
}

/** Whether the folder is what these inputs make. */
export async function isBuilt(folder: string, inputs: string): Promise<boolean> {
  // Not there, or not whole: it is built anew.
  const note = await readFile(noteOf(folder), "utf8")
    .then((text) => JSON.parse(text) as Note)
    .catch(() => null);
  if (note?.inputs !== inputs) return false;
  return JSON.stringify(note.files) === JSON.stringify((await filesIn(folder)).sort());
}

/** Writes down what the folder now is. */
export async function noteBuilt(folder: string, inputs: string, files: Files): Promise<void> {
  const note: Note = { inputs, files: [...files.keys()].sort() };
  const unfinished = `${noteOf(folder)}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(note));
  await rename(unfinished, noteOf(folder));
}
