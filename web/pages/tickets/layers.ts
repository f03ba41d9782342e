// The tickets on the map: discs with signs, their numbers once there is room, and a ring around the one that is looked at.

import type { FeatureCollection } from "geojson";
import type { MapLayer } from "../../map/map.tsx";
import { BOLD } from "../../map/style/names.ts";
import { LOOKS, type Standing, standingOf } from "./standing.tsx";
import { rankOf, type Ticket } from "./tickets.ts";

const SOURCE = "tickets";
const CHOSEN = "ticket-chosen";
/** More lie on each other where a whole country is seen: smaller, and with signs only from near. */
const MANY = 300;
const FEW_LOOK = { radius: 8, edge: 2, signsFromZoom: 0, numbersFromZoom: 11 };
const MANY_LOOK = { radius: 5, edge: 1.5, signsFromZoom: 13, numbersFromZoom: 14 };

interface Colours {
  card: string;
  ink: string;
  of: Record<Standing, string>;
}

/** Colours as a canvas reads them, in the theme of now. */
export function coloursNow(): Colours {
  const probe = document.createElement("i");
  document.body.append(probe);
  const colourOf = (of: string) => {
    probe.style.color = of;
    return getComputedStyle(probe).color;
  };
  const of = Object.fromEntries(Object.entries(LOOKS).map(([name, { colour }]) => [name, colourOf(colour)]));
  const [card, ink] = [colourOf("var(--card)"), colourOf("var(--ink)")];
  probe.remove();
  return { card, ink, of: of as Record<Standing, string> };
}

export function ticketLayer(
  tickets: readonly Ticket[],
  { card, ink, of }: Colours,
  onTicket: (number: string) => void,
): MapLayer {
  const data: FeatureCollection = {
    type: "FeatureCollection",
    features: tickets.flatMap((ticket) => {
      const { lng, lat, number } = ticket;
      if (lng === null || lat === null) return [];
      const standing = standingOf(ticket);
      const { sign, isFull } = LOOKS[standing];
      const colour = of[standing];
      const look = isFull
        ? { fill: colour, edge: card, ink: card }
        : { fill: card, edge: colour, ink: colour };
      return [
        {
          type: "Feature" as const,
          geometry: { type: "Point" as const, coordinates: [lng, lat] },
          properties: { number, sign, rank: rankOf(ticket), ...look },
        },
      ];
    }),
  };
  const { radius, edge, signsFromZoom, numbersFromZoom } = data.features.length > MANY ? MANY_LOOK : FEW_LOOK;
  return {
    id: SOURCE,
    sources: { [SOURCE]: data },
    layers: [
      {
        ...{ id: "tickets-discs", type: "circle", source: SOURCE },
        layout: { "circle-sort-key": ["get", "rank"] },
        paint: {
          ...{ "circle-radius": radius, "circle-color": ["get", "fill"] },
          ...{ "circle-stroke-color": ["get", "edge"], "circle-stroke-width": edge },
        },
      },
      {
        ...{ id: "tickets-signs", type: "symbol", source: SOURCE, minzoom: signsFromZoom },
        layout: {
          ...{ "text-field": ["get", "sign"], "text-font": BOLD, "text-size": 12 },
          ...{ "text-allow-overlap": true, "text-ignore-placement": true },
          "symbol-sort-key": ["get", "rank"],
        },
        paint: { "text-color": ["get", "ink"] },
      },
      {
        ...{ id: "tickets-numbers", type: "symbol", source: SOURCE, minzoom: numbersFromZoom },
        layout: {
          ...{ "text-field": ["get", "number"], "text-font": BOLD, "text-size": 12 },
          ...{ "text-anchor": "top", "text-offset": [0, 0.95], "text-max-width": 16 },
        },
        paint: { "text-color": ink, "text-halo-color": card, "text-halo-width": 2 },
      },
    ],
    onClick: ({ number }) => onTicket(String(number)),
  };
}

/** Around it, so that its own disc is seen; drawn below the others. */
export function chosenLayer({ lng, lat }: Ticket, { ink, card }: Colours): MapLayer[] {
  if (lng === null || lat === null) return [];
  return [
    {
      id: CHOSEN,
      sources: {
        [CHOSEN]: {
          type: "Feature",
          geometry: { type: "Point", coordinates: [lng, lat] },
          properties: {},
        },
      },
      layers: [
        {
          ...{ id: "ticket-chosen-ring", type: "circle", source: CHOSEN },
          paint: {
            ...{ "circle-radius": 17, "circle-color": card, "circle-opacity": 0.55 },
            ...{ "circle-stroke-color": ink, "circle-stroke-width": 3 },
          },
        },
      ],
    },
  ];
}
