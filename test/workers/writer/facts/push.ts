import type { PushKind } from "../../../../shared/jimi/push/kinds.ts";
import type { Message } from "../../../../shared/message.ts";
import { database, deliver, messageOf } from "../deliver.ts";

/** A message as the receiving door sends it, received so many seconds before now. */
export function pushOf(kind: PushKind, items: unknown[], agoS = 0, rest: Partial<Message> = {}): Message {
  return messageOf(kind, items, {
    source: "push",
    account: null,
    via: { path: `/${kind}`, msgType: null, headers: {} },
    receivedAt: new Date(Date.now() - agoS * 1000).toISOString(),
    ...rest,
  });
}

/** Delivers the items of one push. */
export async function push(kind: PushKind, items: unknown[], agoS = 0): Promise<void> {
  await deliver([pushOf(kind, items, agoS)]);
}

/** The rows of a table about a device, without what every row has. */
export async function rowsOf(table: string, imei: string) {
  const sql = database();
  return sql`select * from ${sql(`tracksolid.${table}`)} where imei = ${imei} order by 2, 3, 4`;
}

export async function liveOf(imei: string) {
  const [row] = await database()`select * from tracksolid.live_positions where imei = ${imei}`;
  return row;
}

export async function deviceOf(imei: string) {
  const [row] = await database()`select * from tracksolid.devices where imei = ${imei}`;
  return row;
}
