import { openDatabase } from "../../../shared/database.ts";
import type { Message } from "../../../shared/message.ts";
import { commit } from "../../../workers/writer/commit.ts";
import { readMessage } from "../../../workers/writer/parse.ts";
import type { BenchEnv } from "./index.ts";

/** Writes messages the way the product does, to have something to read. */
export async function writeItems(env: BenchEnv, messages: Message[]) {
  return commit(openDatabase(env.DB_INGEST), messages.map(readMessage), {
    id: crypto.randomUUID(),
    startedMs: Date.now(),
  });
}
