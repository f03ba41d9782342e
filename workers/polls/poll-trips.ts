import { listTrips, MOST_TRIPS } from "../../shared/jimi/methods.ts";
import { askWhole } from "./windows/ask-whole.ts";
import type { WindowedJob } from "./windows/window.ts";

/** Every 15 minutes: the trips of the vehicles, also those that still go on. */
export const pollTrips: WindowedJob = {
  spanS: 24 * 3600,
  reachS: 365 * 24 * 3600,
  // Some two trips an hour and vehicle stay below the cut of 100 that way.
  vehiclesPerWindow: 25,
  byAccount: false,
  onlyHeard: false,
  async ask(context) {
    await askWhole(
      context,
      async (piece) => {
        const answer = await listTrips(context.client, piece.imeis, piece);
        if (!answer.ok) return answer;
        return { ok: true, value: { items: answer.value, cut: answer.value.length >= MOST_TRIPS } };
      },
      (items) => context.send("trip", items),
    );
  },
};
