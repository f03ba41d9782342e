import type postgres from "postgres";
import { nowMs } from "../../shared/time.ts";
import { type Kept, listKept } from "./listing.ts";
import { type KeptFilter, type KeptFolder, selectKept } from "./select-kept.ts";
import { groups, writeGroup } from "./write-groups.ts";

/** What came of writing objects again. */
export interface Redriven {
  /** Messages that were written. */
  messages: number;
  /** Messages that this Worker cannot read, or that the database refused again. */
  stillHeld: number;
  /** Key after which the objects begin that were not tried; null when all were. */
  after: string | null;
}

/** Objects that one look finds; then their time is over anyway. */
const MOST_OBJECTS = 500;

/**
 * Writes the objects of a folder again, the oldest first, and begins nothing new after `deadlineMs`. What goes on waiting
 * is in a new object then, and is not tried twice: objects are looked for before any is written.
 * @throws whatever R2 throws, and the database when it does not answer.
 */
export async function redriveFolder(
  env: Env,
  sql: postgres.Sql,
  folder: KeptFolder,
  filter: KeptFilter,
  after: string | undefined,
  deadlineMs: number,
): Promise<Redriven> {
  const page = await selectKept(env, folder, filter, { after, limit: MOST_OBJECTS });
  const tried = await redrive(env, sql, page.objects, deadlineMs);
  return { ...tried, after: tried.after ?? page.after };
}

/** The same with objects that are named; who is not there any more was written. */
export async function redriveObjects(
  env: Env,
  sql: postgres.Sql,
  keys: string[],
  deadlineMs: number,
): Promise<Redriven> {
  const found = await Promise.all(keys.map((key) => listKept(env, key, { limit: 1 })));
  return redrive(
    env,
    sql,
    found.flatMap(({ objects }) => objects),
    deadlineMs,
  );
}

async function redrive(env: Env, sql: postgres.Sql, objects: Kept[], deadlineMs: number): Promise<Redriven> {
  const redriven: Redriven = { messages: 0, stillHeld: 0, after: null };
  let lastKey: string | null = null;
  for await (const group of groups(objects)) {
    // The first is always tried, so that who asks again and again gets on.
    if (lastKey !== null && nowMs() > deadlineMs) return { ...redriven, after: lastKey };
    const { messages, stillHeld, refused } = await writeGroup(env, sql, group, "redrive_refused");
    redriven.messages += messages;
    redriven.stillHeld += refused.reduce((sum, { object }) => sum + object.messages, stillHeld);
    lastKey = group.at(-1)?.key ?? null;
  }
  return redriven;
}
