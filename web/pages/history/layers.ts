// The ways on the map: lines, open where nothing is known, with stops, alarms, and where everybody is at the instant.

import type { Feature, FeatureCollection } from "geojson";
import type { MapLayer } from "../../map/map.tsx";
import { BOLD } from "../../map/style/names.ts";
import { coloursNow, EDGE_PX, LINE_PX, PATTERN_PX } from "./look.tsx";
import { MOST_VEHICLES } from "./view.ts";
import type { Way } from "./way.ts";

type Layer = MapLayer["layers"][number];

const SLOTS = Array.from({ length: MOST_VEHICLES }, (_, slot) => slot);
const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

export const collection = (features: Feature[]): FeatureCollection =>
  features.length === 0 ? NOTHING : { type: "FeatureCollection", features };

export const pointAt = (lng: number, lat: number, properties: Record<string, unknown>): Feature => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [lng, lat] },
  properties,
});

/** Every fix of it: MapLibre leaves out what a zoom does not show. */
export const linesOf = ({ lines }: Way): FeatureCollection =>
  collection(
    lines.map((coordinates) => ({
      type: "Feature",
      geometry: { type: "LineString", coordinates },
      properties: {},
    })),
  );

/** Straight over each gap, with how long it was in its middle. */
export const gapsOf = ({ gaps }: Way, wordsOf: (durationS: number) => string): FeatureCollection =>
  collection(
    gaps.flatMap(({ from, to, fromMs, toMs }): Feature[] => [
      { type: "Feature", geometry: { type: "LineString", coordinates: [from, to] }, properties: {} },
      pointAt((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { words: wordsOf((toMs - fromMs) / 1000) }),
    ]),
  );

export const wayId = (slot: number) => `history-way-${slot}`;
export const gapId = (slot: number) => `history-gap-${slot}`;

type Colours = ReturnType<typeof coloursNow>;

export const coloursOfWays = (): Colours => coloursNow(MOST_VEHICLES);

/** Of all slots, so that what lies over what does not hang on who was chosen first. */
export const wayLayers = ({ looks, card, ink }: Colours): Layer[] => [
  ...SLOTS.map((slot) => lineLayer(`edge-${slot}`, wayId(slot), card, EDGE_PX, [], 0.85)),
  ...SLOTS.map((slot) =>
    lineLayer(`gap-${slot}`, gapId(slot), looks[slot]?.colour ?? ink, 2, [1.5, 2.5], 0.9),
  ),
  ...SLOTS.map((slot) => lineLayer(`line-${slot}`, wayId(slot), looks[slot]?.colour ?? ink, LINE_PX)),
  // The first is plain; the others have a pattern in the card's colour within their own.
  ...SLOTS.slice(1).map((slot) => {
    const dash = (looks[slot]?.dash ?? []).map((px) => px / PATTERN_PX);
    return lineLayer(`pattern-${slot}`, wayId(slot), card, PATTERN_PX, dash);
  }),
  ...SLOTS.map(
    (slot): Layer => ({
      ...{ id: `history-gap-words-${slot}`, type: "symbol", source: gapId(slot) },
      filter: ["has", "words"],
      layout: {
        "text-field": ["get", "words"],
        "text-font": BOLD,
        "text-size": 12,
        "text-variable-anchor": ["center", "left", "right", "top", "bottom"],
        "text-radial-offset": 0.8,
      },
      paint: { "text-color": ink, "text-halo-color": card, "text-halo-width": 2 },
    }),
  ),
];

export const MARKS = "history-marks";
export const STOPS = "history-stops";
export const ALARMS = "history-alarms";
export const NOW = "history-now";

/** Stops with their numbers, and alarms. */
export const markLayers = ({ card, ink, warn }: Colours): Layer[] => [
  {
    ...{ id: STOPS, type: "circle", source: STOPS },
    paint: {
      "circle-radius": 9,
      "circle-color": card,
      "circle-stroke-color": ["get", "colour"],
      "circle-stroke-width": 2.5,
    },
  },
  {
    ...{ id: ALARMS, type: "circle", source: ALARMS },
    paint: {
      "circle-radius": 7,
      "circle-color": warn,
      "circle-stroke-color": card,
      "circle-stroke-width": 1.5,
    },
  },
  signLayer(STOPS, ink),
  signLayer(ALARMS, card),
];

/** What is written in a mark. */
const signLayer = (source: string, colour: string): Layer => ({
  ...{ id: `${source}-sign`, type: "symbol", source },
  layout: {
    "text-field": ["get", "sign"],
    "text-font": BOLD,
    "text-size": 11,
    "text-allow-overlap": true,
    "text-ignore-placement": true,
  },
  paint: { "text-color": colour },
});

/** Where everybody is at the instant; hollow where that is only where they were last seen. */
export const nowLayers = ({ card, ink }: Colours): Layer[] => [
  {
    ...{ id: "history-now-dots", type: "circle", source: NOW },
    paint: {
      "circle-radius": 8,
      "circle-color": ["get", "colour"],
      "circle-opacity": ["get", "opacity"],
      "circle-stroke-color": ink,
      "circle-stroke-width": 2.5,
    },
  },
  {
    ...{ id: "history-now-words", type: "symbol", source: NOW },
    layout: {
      "text-field": ["get", "label"],
      "text-font": BOLD,
      "text-size": 13,
      // Where several are in one place only some are named: who is where is said below the map, too.
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 1,
      "text-max-width": 16,
    },
    paint: { "text-color": ink, "text-halo-color": card, "text-halo-width": 2 },
  },
];

function lineLayer(
  name: string,
  source: string,
  colour: string,
  width: number,
  dash: number[] = [],
  opacity = 1,
): Layer {
  return {
    ...{ id: `history-${name}`, type: "line", source },
    filter: ["==", ["geometry-type"], "LineString"],
    layout: { "line-join": "round", "line-cap": dash.length > 0 ? "butt" : "round" },
    paint: {
      "line-color": colour,
      "line-width": width,
      "line-opacity": opacity,
      ...(dash.length > 0 && { "line-dasharray": dash }),
    },
  };
}
