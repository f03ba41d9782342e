/** A message in R2 without opening its object. */
export interface KeptId {
  producer: string;
  sequence: number;
  items: number;
}

/**
 * Ids of messages as short text, for the metadata of the object that holds them: `<producer>=1-50*3,52*1;<producer>=…`
 * are messages 1 to 50 of three items each, and 52 of one.
 */
export function encodeIds(ids: KeptId[]): string {
  const producers = Map.groupBy(ids, ({ producer }) => producer);
  return Array.from(producers, ([producer, messages]) => `${producer}=${encodeRuns(messages)}`).join(";");
}

function encodeRuns(messages: KeptId[]): string {
  const runs: { from: number; to: number; items: number }[] = [];
  for (const { sequence, items } of messages.toSorted((a, b) => a.sequence - b.sequence)) {
    const last = runs.at(-1);
    if (last?.to === sequence) continue;
    if (last?.to === sequence - 1 && last.items === items) last.to = sequence;
    else runs.push({ from: sequence, to: sequence, items });
  }
  return runs.map(({ from, to, items }) => `${from === to ? from : `${from}-${to}`}*${items}`).join();
}

/** A run of messages with consecutive numbers and equally many items. */
export interface IdRun {
  producer: string;
  from: number;
  to: number;
  /** Of each message. */
  items: number;
}

/** The inverse of {@link encodeIds}; what it did not write is left out. */
export function decodeIds(text: string): IdRun[] {
  return text.split(";").flatMap((part) => {
    const [producer = "", runs = ""] = part.split("=");
    return runs.split(",").flatMap((run) => {
      const [, from, to, items] = /^(\d+)(?:-(\d+))?\*(\d+)$/.exec(run) ?? [];
      if (from === undefined || items === undefined) return [];
      return [{ producer, from: Number(from), to: Number(to ?? from), items: Number(items) }];
    });
  });
}
