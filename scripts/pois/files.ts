import { csvLines, harmless } from "../export/csv.ts";
import { collectionOf } from "../export/geojson.ts";
import type { Poi } from "./find.ts";

export const ATTRIBUTION =
  "© OpenStreetMap contributors, Open Database License 1.0, https://www.openstreetmap.org/copyright";

/** So many features, or lines, are made at a time. */
const AT_A_TIME = 1_000;

/** Seven decimals of a degree are what OpenStreetMap keeps: a centimetre. */
const degrees = (value: number) => Number(value.toFixed(7));

function fieldsOf({ type, id, tags }: Poi) {
  return {
    osm_type: type,
    osm_id: String(id),
    name: tags.name ?? null,
    brand: tags.brand ?? null,
    operator: tags.operator ?? null,
    amenity: tags.amenity ?? null,
    opening_hours: tags.opening_hours ?? null,
    phone: tags.phone ?? tags["contact:phone"] ?? null,
    street: tags["addr:street"] ?? null,
    city: tags["addr:city"] ?? null,
  };
}

const COLUMNS = [
  ...[
    "osm_type",
    "osm_id",
    "name",
    "brand",
    "operator",
    "amenity",
    "opening_hours",
    "phone",
    "street",
    "city",
  ],
  ...["lat", "lng"],
];

/** Places as GeoJSON, which says whose they are. */
export const poiCollection = (pois: Poi[]) => collectionOf(features(pois), { attribution: ATTRIBUTION });

async function* features(pois: Poi[]) {
  for (let at = 0; at < pois.length; at += AT_A_TIME) yield pois.slice(at, at + AT_A_TIME).map(feature);
}

function feature(poi: Poi): string {
  const { osm_id, ...fields } = fieldsOf(poi);
  return JSON.stringify({
    type: "Feature",
    geometry: { type: "Point", coordinates: [degrees(poi.lng), degrees(poi.lat)] },
    properties: { ...fields, osm_id: poi.id },
  });
}

/** Places as CSV, with texts that no spreadsheet calculates. */
export async function* poiLines(pois: Poi[]) {
  yield csvLines([COLUMNS]);
  for (let at = 0; at < pois.length; at += AT_A_TIME) {
    yield csvLines(pois.slice(at, at + AT_A_TIME).map(line));
  }
}

const line = (poi: Poi) => [
  ...Object.values(fieldsOf(poi)).map(harmless),
  ...[String(degrees(poi.lat)), String(degrees(poi.lng))],
];
