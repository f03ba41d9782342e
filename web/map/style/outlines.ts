// The map without any outside service: the outlines that the product brings along, and the fleet's own roads. Towns are
// named with the vehicles (vehicles/towns.ts).

import type { Feature, FeatureCollection, Position } from "geojson";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Basemap, Line, NameRow } from "../basemap.ts";
import type { Palette } from "../palette.ts";
import { BOLD, nameLayer, REGULAR } from "./names.ts";

interface Tracks {
  tiles: string;
  minZoom: number;
  maxZoom: number;
}

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

const polygons = (lines: Line[]): FeatureCollection =>
  collection(lines.map((line) => feature({ type: "Polygon", coordinates: [closed(line)] })));

const strings = (lines: Line[]): FeatureCollection =>
  collection(lines.map((line) => feature({ type: "LineString", coordinates: line })));

const names = (rows: NameRow[], usualZoom: number): FeatureCollection =>
  collection(
    rows.map(([name, lng, lat, zoom = usualZoom], rank) =>
      // The file counts zooms of tiles of 256 px.
      feature({ type: "Point", coordinates: [lng, lat] }, { name, zoom: zoom - 1, rank }),
    ),
  );

const feature = (geometry: Feature["geometry"], properties: Feature["properties"] = null): Feature => ({
  type: "Feature",
  geometry,
  properties,
});

function closed(line: Line): Position[] {
  const [first] = line;
  const last = line.at(-1);
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...line, first] : line;
}

/** An island in a lake is a ring of its own inside the lake's: one polygon of many rings, filled even-odd as MapLibre does. */
function lakesOf(lines: Line[]): FeatureCollection {
  const rings = lines.map(closed);
  const isIn = (ring: Position[], [x = 0, y = 0]: Position) => {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax = 0, ay = 0] = ring[i] ?? [];
      const [bx = 0, by = 0] = ring[j] ?? [];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside;
  };
  const outer = rings.filter((ring) => !rings.some((other) => other !== ring && isIn(other, ring[0] ?? [])));
  return collection(
    outer.map((ring) =>
      feature({
        type: "Polygon",
        coordinates: [ring, ...rings.filter((other) => other !== ring && isIn(ring, other[0] ?? []))],
      }),
    ),
  );
}

/** @param map null: not even outlines */
export function outlineStyle(
  map: Basemap | null,
  tracks: Tracks | null,
  palette: Palette,
): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {};
  const layers: LayerSpecification[] = [
    { id: "ocean", type: "background", paint: { "background-color": palette.ocean } },
  ];
  const add = (id: string, data: FeatureCollection) => {
    sources[id] = { type: "geojson", data };
  };
  if (map) {
    const [west, south, east, north] = map.near;
    const frame: Line = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
    ];
    add("far-land", polygons(map.farLand));
    add("far-coast", strings(map.farCoast));
    add("far-borders", strings(map.farBorders));
    add("frame", polygons([frame]));
    add("land", polygons(map.land));
    add("coast", strings(map.coast));
    add("lakes", lakesOf(map.lakes));
    add("borders", strings(map.borders));
    const line = (id: string, colour: string, width: number): LayerSpecification => ({
      ...{ id, source: id, type: "line" },
      layout: { "line-join": "round" },
      paint: { "line-color": colour, "line-width": width },
    });
    const area = (id: string, colour: string): LayerSpecification => ({
      ...{ id, source: id, type: "fill" },
      paint: { "fill-color": colour, "fill-antialias": id !== "frame" },
    });
    layers.push(
      ...[line("far-coast", palette.shore, 1.5), area("far-land", palette.land)],
      line("far-borders", palette.border, 0.8),
      // The detailed layer replaces the coarse one inside its frame.
      ...[area("frame", palette.ocean), line("coast", palette.shore, 2), area("land", palette.land)],
      ...[area("lakes", palette.lake), { ...line("lakes", palette.shore, 1), id: "lake-shores" }],
      line("borders", palette.border, 1),
    );
  }
  if (tracks) {
    const { tiles, minZoom: minzoom, maxZoom: maxzoom } = tracks;
    sources.tracks = { type: "vector", tiles: [tiles], minzoom, maxzoom };
    layers.push({
      ...{ id: "tracks", source: "tracks", "source-layer": "tracks", type: "line" },
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": palette.track,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 5, 0.45, 12, 0.75],
        "line-width": ["interpolate", ["exponential", 1.4], ["zoom"], 5, 0.6, 12, 1.4, 17, 5],
      },
    });
  }
  if (map) {
    add("waters", names(map.waters, 5));
    add("countries", names(map.countries, 4));
    layers.push(
      nameLayer("waters", { colour: palette.water, size: 12, font: REGULAR, halo: palette.ocean }),
      nameLayer("countries", {
        ...{ colour: palette.country, size: 11, font: BOLD, halo: palette.halo },
        ...{ maxzoom: 7, spacing: 0.25 },
      }),
    );
  }
  return { version: 8, sources, layers };
}
