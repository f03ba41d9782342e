import type postgres from "postgres";
import { newId } from "../../shared/ids.ts";
import { nowMs } from "../../shared/time.ts";
import { hintGeocoder } from "../addresses/hint.ts";
import { hintLiveMap } from "../writer/hint.ts";
import type { ReadMessage } from "../writer/parse.ts";
import { noteAnswer } from "../writer/standing.ts";
import { understand } from "../writer/understand.ts";
import { writeBatch } from "../writer/write-batch.ts";
import { archive } from "./archive.ts";
import { type KeepReason, keep } from "./keep.ts";
import { type KeptMessage, keptMessage, keptMessageOf } from "./kept-object.ts";
import { openKept } from "./listing.ts";

/** What came of writing kept objects. */
export interface KeptWritten {
  messages: number;
  /** Messages that this Worker cannot read: they went on waiting. */
  stillHeld: number;
}

/** What is held in memory at once, as text: an object may name items of megabytes that wait in R2 themselves. */
const MOST_CHARACTERS = 6_000_000;

/**
 * Writes the messages of kept objects, in few batches, and deletes the objects. What was written before, because the
 * object was kept twice or a deletion was lost, brings nothing new.
 * @throws whatever database and R2 throw; the objects are then still there.
 */
export async function writeKept(env: Env, sql: postgres.Sql, keys: string[]): Promise<KeptWritten> {
  let reads: ReadMessage[] = [];
  let kept: KeptMessage[] = [];
  let characters = 0;
  let messages = 0;
  const held = new Map<KeepReason, KeptMessage[]>();
  const write = async () => {
    const written = await writeBatch(sql, reads, { id: newId(), startedMs: nowMs() });
    noteAnswer();
    await Promise.all([
      archive(env, kept),
      hintLiveMap(env, written.changed),
      hintGeocoder(env, written.wanted),
    ]);
    messages += reads.length;
    [reads, kept, characters] = [[], [], 0];
  };
  for (const text of (await Promise.all(keys.map((key) => openKept(env, key)))).flat()) {
    if (text === null) continue;
    const read = await understand(env, text);
    if ("keep" in read) held.set(read.keep, [...(held.get(read.keep) ?? []), keptMessage(text)]);
    else {
      reads.push(read);
      kept.push(keptMessageOf(text, read.message));
      characters += read.message.stored === null ? text.length : MOST_CHARACTERS;
      if (characters >= MOST_CHARACTERS) await write();
    }
  }
  if (reads.length > 0) await write();
  for (const [reason, messages] of held) await keep(env, messages, reason);
  await env.BUCKET.delete(keys);
  return { messages, stillHeld: [...held.values()].flat().length };
}
