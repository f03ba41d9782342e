import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importCommand } from "../../scripts/import.ts";
import { callCommand, type Outcome } from "./command.ts";

/** A folder of files that are imported. */
export interface Imports extends AsyncDisposable {
  /** Where a file with this content is. */
  file(content: string | Uint8Array, ending?: string): Promise<string>;
  /** Imports a file with this content: `what` are the words before its name. */
  take(what: string, content: string | Uint8Array, options?: string[], ending?: string): Promise<Outcome>;
  /** Calls the command. */
  call(...words: string[]): Promise<Outcome>;
}

/** @param url Of the database, as an administrator: files are imported as the owner of the tables, who is nobody's superuser */
export async function openImports(url: string): Promise<Imports> {
  const folder = await mkdtemp(join(tmpdir(), "imports-"));
  let files = 0;
  const call = (...words: string[]) =>
    callCommand(importCommand, words, { DATABASE_URL: url && `${url}?role=tracksolid_owner` });
  const file = async (content: string | Uint8Array, ending = "csv") => {
    const path = join(folder, `${++files}.${ending}`);
    await writeFile(path, content);
    return path;
  };
  return {
    file,
    call,
    take: async (what, content, options = [], ending) =>
      call(...what.split(" "), await file(content, ending), ...options),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
