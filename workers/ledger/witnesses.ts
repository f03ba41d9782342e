import { type NotedCount, tally } from "../../durable-objects/tally/index.ts";
import { toIso } from "../../shared/time.ts";
import { everyKept, type Kept } from "../kept/listing.ts";
import { decodeIds, type IdRun } from "../kept/message-ids.ts";

/** Messages in R2, as the books take them. */
interface KeptRun extends IdRun {
  state: "parked" | "dead";
  /** When the newest of them was received, and when they were kept. */
  at: string;
  keptAt: string;
}

/** What is known of messages outside the database. */
export interface Witnesses {
  kept: KeptRun[];
  /** How far producers have counted. */
  counts: { producer: string; sequence: number; items: number; at: string }[];
  refused: { producer: string; sequence: number; items: number; at: string }[];
}

/** How much lies in R2, and since when. */
export interface Lying {
  objects: number;
  messages: number;
  oldestAt: string | null;
}

/**
 * Folders of R2 in the order in which messages may move from one to another: who is on the way while the folders are listed
 * is seen twice, never not at all.
 */
export const KEPT_FOLDERS = {
  "dead/": "dead",
  "parked/waiting/": "parked",
  "parked/held/": "parked",
} as const;

/** Asks R2 and the tally what they know. @throws whatever they throw. */
export async function askWitnesses(env: Env) {
  const kept: KeptRun[] = [];
  const lying = { parked: nothing(), dead: nothing() };
  for (const [folder, state] of Object.entries(KEPT_FOLDERS)) {
    for await (const object of everyKept(env, folder)) {
      add(lying[state], object);
      const keptAt = object.keptAt.toISOString();
      const at = object.to || keptAt;
      for (const run of decodeIds(object.ids)) kept.push({ ...run, state, at, keptAt });
    }
  }
  const counts = await tally(env).since(0);
  return { witnesses: { kept, ...countsOf(counts) } satisfies Witnesses, lying };
}

function countsOf(noted: NotedCount[]): Pick<Witnesses, "counts" | "refused"> {
  return {
    counts: noted.flatMap(({ producer, sequence, items, toMs, earlier }) => [
      { producer, sequence, items, at: toIso(toMs) },
      ...(earlier.sequence < sequence
        ? [{ producer, sequence: earlier.sequence, items: earlier.items, at: toIso(earlier.atMs) }]
        : []),
    ]),
    refused: noted.flatMap(({ producer, toMs, refused }) =>
      refused.map((one) => ({ producer, ...one, at: toIso(toMs) })),
    ),
  };
}

const nothing = (): Lying => ({ objects: 0, messages: 0, oldestAt: null });

function add(lying: Lying, { messages, from, keptAt }: Kept): void {
  const sinceAt = from || keptAt.toISOString();
  lying.objects += 1;
  lying.messages += messages;
  if (lying.oldestAt === null || sinceAt < lying.oldestAt) lying.oldestAt = sinceAt;
}
