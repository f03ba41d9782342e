import type postgres from "postgres";
import { classifyDatabaseError } from "../../shared/database.ts";
import { messageOf } from "../../shared/log.ts";
import { plain } from "../../shared/text.ts";
import { probe } from "./commit.ts";
import type { ReadItem, ReadMessage } from "./parse.ts";

/**
 * Finds the items that the database can never store by halving the batch, and turns each into a rejection,
 * so that the rest can be committed. k such items among n cost about 2·k·log2(n) probes.
 *
 * @param mostRefused more of them are not looked for
 * @throws whatever the database says that is not about a value: the batch is then retried whole.
 */
export async function isolatePoison(
  sql: postgres.Sql,
  messages: ReadMessage[],
  mostRefused: number,
): Promise<ReadMessage[]> {
  const items = messages.flatMap((message) => message.items.map((item) => ({ message, item })));
  const refused = new Map<ReadItem, string>();
  await halve(items);
  return messages.map(({ message, items }) => ({
    message,
    items: items.map((read) => {
      const detail = refused.get(read);
      if (detail === undefined) return read;
      const { item, itemNumber, imei } = read;
      return { item, itemNumber, imei, rejection: { reason: "refused_by_database" as const, detail } };
    }),
  }));

  async function halve(part: { message: ReadMessage; item: ReadItem }[]): Promise<void> {
    if (refused.size > mostRefused) return;
    try {
      await probe(
        sql,
        part.map(({ message, item }) => ({ message: message.message, items: [item] })),
      );
    } catch (error) {
      if (classifyDatabaseError(error) !== "poison") throw error;
      const only = part[0];
      if (part.length === 1 && only) {
        refused.set(only.item, plain(messageOf(error), 300));
        return;
      }
      const middle = Math.ceil(part.length / 2);
      await halve(part.slice(0, middle));
      await halve(part.slice(middle));
    }
  }
}
