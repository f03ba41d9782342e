import type { Column, Relation } from "./catalog.ts";
import type { Batch, Value } from "./copied.ts";
import { isoInstant, jsonForm } from "./forms.ts";
import { type Leg, legsOf, type Names, TRACK } from "./track.ts";

/** A whole FeatureCollection (RFC 7946) of features as they come, one a line. */
export async function* collectionOf(batches: AsyncIterable<string[]>, members: Record<string, string> = {}) {
  const head = Object.entries({ type: "FeatureCollection", ...members });
  yield `{${head.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")},"features":[`;
  let before = "\n";
  for await (const features of batches) {
    if (features.length === 0) continue;
    yield before + features.join(",\n");
    before = ",\n";
  }
  yield "\n]}\n";
}

/** A text that is a coordinate. */
const isCoordinate = (value: Value | undefined) => value != null && Number.isFinite(Number(value));

/** Where a row is. */
type Place = { from: string[]; of(row: Value[]): string };

function placeOf(columns: Column[]): Place | undefined {
  const at = (name: string, kind: string) =>
    columns.findIndex((column) => column.name === name && column.kind === kind);
  const [lat, lng, geometry] = [at("lat", "double"), at("lng", "double"), at("geometry", "json")];
  if (lat >= 0 && lng >= 0) {
    return {
      from: ["lat", "lng"],
      of: (row) =>
        isCoordinate(row[lat]) && isCoordinate(row[lng])
          ? `{"type":"Point","coordinates":[${row[lng]},${row[lat]}]}`
          : "null",
    };
  }
  return geometry < 0 ? undefined : { from: ["geometry"], of: (row) => row[geometry] ?? "null" };
}

/** @throws where its rows are nowhere */
export function needsPlace({ name, columns }: Relation): void {
  if (!placeOf(columns)) {
    throw new Error(
      `${name} has no columns lat and lng and no geometry, so there is no GeoJSON of it: take csv or parquet.`,
    );
  }
}

/** A feature of each row; the other columns are its properties. */
export async function* rowFeatures(columns: Column[], batches: AsyncIterable<Batch>) {
  const place = placeOf(columns);
  if (!place) return;
  const properties = columns.flatMap(({ name, kind }, index) =>
    place.from.includes(name) ? [] : [{ head: `${JSON.stringify(name)}:`, form: jsonForm(kind), index }],
  );
  for await (const batch of batches) {
    yield batch.map((row) => {
      const members = properties.map(({ head, form, index }) => head + form(row[index] ?? null));
      return `{"type":"Feature","geometry":${place.of(row)},"properties":{${members.join(",")}}}`;
    });
  }
}

/** A feature of each leg, with the instants of its fixes. One fix alone is a point: a line has two. */
export async function* legFeatures(batches: AsyncIterable<Batch>, names: Names) {
  for await (const leg of legsOf(batches)) yield [legFeature(leg, names)];
}

function legFeature({ imei, day, segment, fixes }: Leg, names: Names): string {
  const places = fixes.map((fix) => `[${fix[TRACK.lng]},${fix[TRACK.lat]}]`);
  const times = fixes.map((fix) => isoInstant(fix[TRACK.gps_time] ?? ""));
  const isLine = fixes.length > 1;
  const coordinates = isLine ? `[${places.join(",")}]` : places[0];
  const { name = null, plate = null } = names.get(imei) ?? {};
  const properties = {
    ...{
      imei,
      name,
      plate,
      day,
      segment: Number(segment),
      from: times[0],
      to: times.at(-1),
      fixes: fixes.length,
    },
    coordinateProperties: { times: isLine ? times : times[0] },
  };
  return `{"type":"Feature","geometry":{"type":"${isLine ? "LineString" : "Point"}","coordinates":${coordinates}},"properties":${JSON.stringify(properties)}}`;
}
