import type { World } from "../simulator/world/world.ts";
import { detailItems, makeFleet, morningItems } from "./fleet.ts";
import type { Item } from "./items.ts";

/** Items that one statement takes: the drill's messages bring no more at once. */
const ITEMS_PER_BATCH = 3_000;

/**
 * Registers a fleet and where it is now, as the polls would.
 * @param post Sends messages to the bench Worker's `/items`.
 */
export async function fill(
  vehicles: number,
  post: (messages: unknown[]) => Promise<unknown>,
): Promise<World> {
  const fleet = makeFleet(vehicles);
  const kinds = { device_detail: detailItems(fleet), location: morningItems(fleet, Date.now()) };
  let sequence = 0;
  for (const [kind, items] of Object.entries(kinds)) {
    for (let from = 0; from < items.length; from += ITEMS_PER_BATCH) {
      await post([message(kind, ++sequence, items.slice(from, from + ITEMS_PER_BATCH))]);
    }
  }
  return fleet;
}

/** A message of the writes queue. */
export function message(kind: string, sequence: number, items: Item[]) {
  return {
    ...{ v: 1, id: { producer: "bench", sequence, itemsBefore: 0 }, receipt: "bench" },
    ...{ part: { number: 1, of: 1 }, source: "poll", kind, account: "fireside" },
    ...{ receivedAt: new Date().toISOString(), via: null, items, stored: null },
  };
}
