import * as z from "zod";
import { keptMessage } from "../kept/kept-object.ts";
import { everyKept, openKept } from "../kept/listing.ts";
import { KEPT_FOLDERS } from "./witnesses.ts";

/** A message of a receipt, found in R2. */
export interface KeptPart {
  state: "parked" | "dead";
  producer: string;
  sequence: number;
  kind: string;
  account: string | null;
  part: number;
  parts: number;
  receivedAt: string | null;
  items: number;
}

/** Each is a read of R2. */
const MOST_OBJECTS = 20;
/** Of six connections that may wait at once. */
const AT_ONCE = 5;

/** The vendor's last answer to a run may come so long after its beginning, which is in its id. */
const LONGEST_RUN_MS = 15 * 60_000;

const HOUR_MS = 3_600_000;

const header = z.object({
  receipt: z.string(),
  account: z.string().nullable().catch(null),
  part: z.object({ number: z.int(), of: z.int() }).catch({ number: 1, of: 1 }),
});

/**
 * The messages of a receipt that wait in R2, from the objects that hold something received at its time.
 * @returns Also whether all such objects were opened.
 * @throws whatever R2 throws.
 */
export async function keptPartsOf(
  env: Env,
  receipt: string,
): Promise<{ parts: KeptPart[]; complete: boolean }> {
  const madeMs = timeOf(receipt);
  if (madeMs === null) return { parts: [], complete: true };
  const lastMs = madeMs + LONGEST_RUN_MS;
  const found: { key: string; state: KeptPart["state"] }[] = [];
  for (const [folder, state] of Object.entries(KEPT_FOLDERS)) {
    for await (const { key, from, to } of everyKept(env, folder)) {
      // Keys begin with the hour of the oldest message.
      if (Math.floor(Date.parse(from) / HOUR_MS) * HOUR_MS > lastMs) break;
      if (Date.parse(from) > lastMs || Date.parse(to) < madeMs) continue;
      found.push({ key, state });
      if (found.length > MOST_OBJECTS) break;
    }
  }
  const opened = found.slice(0, MOST_OBJECTS);
  const parts: KeptPart[] = [];
  for (let at = 0; at < opened.length; at += AT_ONCE) {
    const texts = opened.slice(at, at + AT_ONCE).map(async ({ key, state }) => {
      const messages = (await openKept(env, key)) ?? [];
      return messages.flatMap((text) => (text.includes(receipt) ? partOf(text, receipt, state) : []));
    });
    parts.push(...(await Promise.all(texts)).flat());
  }
  return { parts, complete: found.length <= MOST_OBJECTS };
}

/** When a UUIDv7 was made, ms; null for any other id, which no receipt of ours has. */
function timeOf(id: string): number | null {
  const hex = id.replaceAll("-", "");
  return hex[12] === "7" ? Number.parseInt(hex.slice(0, 12), 16) : null;
}

function partOf(text: string, receipt: string, state: KeptPart["state"]): KeptPart[] {
  const { id, kind, receivedAt } = keptMessage(text);
  if (id === null) return [];
  const read = header.safeParse(JSON.parse(text));
  if (!read.success || read.data.receipt !== receipt) return [];
  const { account, part } = read.data;
  return [{ ...id, state, kind, account, receivedAt, part: part.number, parts: part.of }];
}
