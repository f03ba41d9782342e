// Open incidents near a place.

import type { Place } from "../../map/geo.ts";
import { distanceM, latToY, lngToX } from "../../map/geo.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";

const EVERY_MS = 2 * 60_000;
/** A page; of more open ones the newest. */
const MOST = 200;
const NEAREST = 5;
const REACH_M = 30_000;

export interface NearTicket {
  ticket: Answers["Ticket"];
  lng: number;
  lat: number;
  distanceM: number;
}

/** Open incidents, with the places they have. @param isWanted false asks nothing */
export function useOpenTickets(isWanted: boolean) {
  return useAnswer(
    isWanted ? "open incidents with places" : null,
    (signal) =>
      ask(
        "TicketCollection",
        "/v1/tickets/incidents",
        { state: "open", format: "geojson", limit: MOST },
        { signal },
      ),
    { everyMs: EVERY_MS },
  );
}

/** The nearest of them to a place, nearest first. */
export function nearestTickets(tickets: Answers["TicketCollection"] | null, place: Place): NearTicket[] {
  const [x, y] = [lngToX(place.lng), latToY(place.lat)];
  return (tickets?.features ?? [])
    .map(({ geometry: { coordinates }, properties }) => {
      const [lng, lat] = coordinates;
      return { ticket: properties, lng, lat, distanceM: distanceM(x, y, lngToX(lng), latToY(lat)) };
    })
    .filter((near) => near.distanceM <= REACH_M)
    .sort((a, b) => a.distanceM - b.distanceM)
    .slice(0, NEAREST);
}
