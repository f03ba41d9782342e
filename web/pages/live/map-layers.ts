// What the page draws below the vehicles: the selected one's last hours, tickets near it, the place that was asked about.

import type { FeatureCollection } from "geojson";
import type { MapLayer, Place } from "../../map/map.tsx";
import type { NearTicket } from "./near-tickets.ts";

interface Shown {
  line: FeatureCollection | null;
  tickets: readonly NearTicket[];
  isDark: boolean;
  onTicket: (number: string) => void;
}

/** Told apart by place on the map and by what surrounds them, not by colour alone: a line, rings, a cross. */
const COLOURS = {
  light: { line: "#0072b2", stop: "#3f5162", ticket: "#9b4a7f", near: "#b3164a", ring: "#ffffff" },
  dark: { line: "#56b4e9", stop: "#b4c4d4", ticket: "#dc9cc6", near: "#ff86a6", ring: "#0c131b" },
};

export function layersOf({ line, tickets, isDark, onTicket }: Shown): MapLayer[] {
  const colours = COLOURS[isDark ? "dark" : "light"];
  const layers: MapLayer[] = [];
  if (line) {
    layers.push({
      id: "last-hours",
      sources: { "last-hours": line },
      layers: [
        {
          ...{ id: "last-hours-line", source: "last-hours", type: "line" },
          filter: ["==", ["get", "kind"], "line"],
          layout: { "line-join": "round", "line-cap": "round" },
          paint: { "line-color": colours.line, "line-width": 3.5, "line-opacity": 0.85 },
        },
        {
          ...{ id: "last-hours-stops", source: "last-hours", type: "circle" },
          filter: ["!=", ["get", "kind"], "line"],
          paint: {
            ...{ "circle-color": colours.ring, "circle-radius": 5 },
            ...{ "circle-stroke-color": colours.stop, "circle-stroke-width": 2.5 },
          },
        },
      ],
    });
  }
  if (tickets.length > 0) {
    layers.push({
      id: "near-tickets",
      sources: {
        "near-tickets": {
          type: "FeatureCollection",
          features: tickets.map(({ ticket, lng, lat }) => ({
            type: "Feature",
            geometry: { type: "Point", coordinates: [lng, lat] },
            properties: { number: ticket.number },
          })),
        },
      },
      layers: [
        {
          ...{ id: "near-tickets-dots", source: "near-tickets", type: "circle" },
          paint: {
            ...{ "circle-color": colours.ticket, "circle-radius": 7 },
            ...{ "circle-stroke-color": colours.ring, "circle-stroke-width": 2 },
          },
        },
        {
          ...{ id: "near-tickets-names", source: "near-tickets", type: "symbol", minzoom: 11 },
          layout: {
            ...{ "text-field": ["get", "number"], "text-font": ["sans-serif"], "text-size": 12 },
            ...{ "text-anchor": "top", "text-offset": [0, 0.8] },
          },
          paint: {
            ...{ "text-color": colours.ticket, "text-halo-color": colours.ring, "text-halo-width": 1.5 },
          },
        },
      ],
      onClick: ({ number }) => onTicket(String(number)),
    });
  }
  return layers;
}

/** The place that was asked about. */
export function nearLayers(near: Place, isDark: boolean): MapLayer[] {
  const colours = COLOURS[isDark ? "dark" : "light"];
  return [
    {
      id: "near",
      sources: {
        near: {
          type: "Feature",
          geometry: { type: "Point", coordinates: [near.lng, near.lat] },
          properties: {},
        },
      },
      layers: [
        {
          ...{ id: "near-ring", source: "near", type: "circle" },
          paint: {
            ...{ "circle-radius": 13, "circle-color": colours.near, "circle-opacity": 0.18 },
            ...{ "circle-stroke-color": colours.near, "circle-stroke-width": 2 },
          },
        },
        {
          ...{ id: "near-dot", source: "near", type: "circle" },
          paint: { "circle-radius": 3.5, "circle-color": colours.near },
        },
      ],
    },
  ];
}
