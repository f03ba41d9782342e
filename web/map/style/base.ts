// Our own compact style for tiles of Protomaps' basemap schema, as they come from the PMTiles file in R2.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Palette } from "../palette.ts";
import { BOLD, REGULAR } from "./names.ts";

interface BaseTiles {
  tiles: string;
  minZoom: number;
  maxZoom: number;
  bounds: number[];
}

const NAME: ExpressionSpecification = ["coalesce", ["get", "name:en"], ["get", "name"]];

const kindIn = (...kinds: string[]): ExpressionSpecification => ["in", ["get", "kind"], ["literal", kinds]];

/** Widths that grow with the zoom as streets do. */
const width = (at8: number, at13: number, at18: number): ExpressionSpecification =>
  [
    ...["interpolate", ["exponential", 1.6], ["zoom"]],
    ...[8, at8, 13, at13, 18, at18],
  ] as unknown as ExpressionSpecification;

export function baseStyle(base: BaseTiles, palette: Palette): StyleSpecification {
  const from = (layer: string) => ({ source: "base", "source-layer": layer });
  const road = (id: string, kinds: string[], colour: string, widths: ExpressionSpecification, minzoom = 0) =>
    ({
      ...{ id, type: "line", ...from("roads"), minzoom, filter: kindIn(...kinds) },
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour, "line-width": widths },
    }) satisfies LayerSpecification;
  const text = (font: string[], size: number | ExpressionSpecification) => ({
    "text-field": NAME,
    "text-font": font,
    "text-size": size,
  });
  const ink = (colour: string) => ({
    "text-color": colour,
    "text-halo-color": palette.halo,
    "text-halo-width": 1.4,
  });
  const layers: LayerSpecification[] = [
    { id: "back", type: "background", paint: { "background-color": palette.ocean } },
    { id: "earth", type: "fill", ...from("earth"), paint: { "fill-color": palette.land } },
    {
      ...{ id: "green", type: "fill", ...from("landuse") },
      filter: kindIn("park", "forest", "wood", "nature_reserve", "national_park", "grass", "golf_course"),
      paint: { "fill-color": palette.green },
    },
    {
      ...{ id: "built", type: "fill", ...from("landuse") },
      filter: kindIn("industrial", "commercial", "aerodrome", "hospital", "school", "university"),
      paint: { "fill-color": palette.built },
    },
    {
      ...{ id: "water", type: "fill", ...from("water") },
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.lake },
    },
    {
      ...{ id: "rivers", type: "line", ...from("water"), minzoom: 9 },
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": palette.lake, "line-width": 1.2 },
    },
    {
      ...{ id: "buildings", type: "fill", ...from("buildings"), minzoom: 14 },
      paint: { "fill-color": palette.built },
    },
    road("paths", ["path", "other"], palette.road, width(0, 0.6, 3), 14),
    road("streets", ["minor_road"], palette.road, width(0, 1.4, 12), 11),
    road("roads", ["major_road"], palette.road, width(0.8, 2.6, 16)),
    road("highways", ["highway"], palette.majorRoad, width(1.4, 3.6, 20)),
    {
      ...{ id: "borders", type: "line", ...from("boundaries") },
      filter: kindIn("country"),
      paint: { "line-color": palette.border, "line-width": 1 },
    },
    {
      ...{ id: "street-names", type: "symbol", ...from("roads"), minzoom: 13 },
      layout: { ...text(REGULAR, 11), "symbol-placement": "line" },
      paint: ink(palette.minorPlace),
    },
    {
      ...{ id: "water-names", type: "symbol", ...from("water") },
      filter: ["==", ["geometry-type"], "Point"],
      layout: text(REGULAR, 12),
      paint: ink(palette.water),
    },
    {
      ...{ id: "suburbs", type: "symbol", ...from("places"), minzoom: 10 },
      filter: kindIn("neighbourhood", "macrohood"),
      layout: text(REGULAR, 11),
      paint: ink(palette.minorPlace),
    },
    {
      ...{ id: "towns", type: "symbol", ...from("places") },
      filter: kindIn("locality"),
      layout: {
        ...text(BOLD, [
          "interpolate",
          ["linear"],
          ["coalesce", ["get", "population_rank"], 5],
          4,
          11,
          12,
          14,
        ]),
        "symbol-sort-key": ["-", 0, ["coalesce", ["get", "population_rank"], 0]],
      },
      paint: ink(palette.place),
    },
    {
      ...{ id: "countries", type: "symbol", ...from("places"), maxzoom: 7 },
      filter: kindIn("country"),
      layout: { ...text(BOLD, 11), "text-transform": "uppercase", "text-letter-spacing": 0.2 },
      paint: ink(palette.country),
    },
  ];
  const [west = -180, south = -85, east = 180, north = 85] = base.bounds;
  return {
    version: 8,
    sources: {
      base: {
        ...{ type: "vector", tiles: [base.tiles], minzoom: base.minZoom, maxzoom: base.maxZoom },
        bounds: [west, south, east, north],
      },
    },
    layers,
  };
}
