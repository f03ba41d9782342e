import type postgres from "postgres";
import keepFields from "#sql/workers/writer/push-fields.sql";
import { log, messageOf } from "../../shared/log.ts";
import { plain } from "../../shared/text.ts";
import type { ReadMessage } from "./parse.ts";

/** The vendor's items have some twenty; a device that makes up names must not fill a table. */
const MOST_OF_A_KIND = 200;

const MOST_CHARACTERS = 100;

/** What this isolate has seen and told, by kind. */
const told = new Map<string, Set<string>>();

/** Notes fields of pushed items that nobody has seen before, so that an alert can tell of them. Never throws: rows do not wait for it. */
export async function notePushFields(sql: postgres.Sql, messages: readonly ReadMessage[]): Promise<void> {
  const fresh = messages.flatMap(freshFields);
  if (fresh.length === 0) return;
  try {
    await sql.unsafe(keepFields, [JSON.stringify(fresh), MOST_OF_A_KIND]);
  } catch (error) {
    for (const { kind, field } of fresh) told.get(kind)?.delete(field);
    log("warn", "push_fields_not_noted", { fields: fresh.length, error: messageOf(error) });
  }
}

interface Seen {
  kind: string;
  field: string;
  seenAt: string;
}

function freshFields({ message, items }: ReadMessage): Seen[] {
  if (message.source !== "push") return [];
  const { kind, receivedAt: seenAt } = message;
  const known = told.get(kind) ?? new Set<string>();
  told.set(kind, known);
  const fresh: Seen[] = [];
  for (const { item } of items) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) continue;
    for (const name of Object.keys(item)) {
      const field = plain(name, MOST_CHARACTERS);
      if (known.size >= MOST_OF_A_KIND || known.has(field)) continue;
      known.add(field);
      fresh.push({ kind, field, seenAt });
    }
  }
  return fresh;
}
