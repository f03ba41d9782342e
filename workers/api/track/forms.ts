import type { Part } from "../../../shared/stream.ts";
import type { LineForm, Page, Stop } from "./pages.ts";
import { xmlText } from "./xml.ts";

/** What a form is made of. */
interface Source {
  /** What the vehicle is called. */
  name: string;
  /** Its way from the beginning. */
  pages: AsyncIterable<Page>;
  /** The same once more, its lines in that form. */
  again: (form: LineForm) => AsyncIterable<Page>;
}

/** A form of a track. */
interface Form {
  type: string;
  /** Lines that the pages begin with. */
  lines: LineForm;
  /** Whether it is a file to be kept, named for what is in it. */
  isFile: boolean;
  write: (source: Source) => AsyncGenerator<Part>;
}

/** Forms by their name in a query string, which is also the ending of the file. */
export const FORMS = {
  geojson: { type: "application/geo+json", lines: "geojson", isFile: false, write: writeGeoJson },
  gpx: { type: "application/gpx+xml", lines: "none", isFile: true, write: writeGpx },
  kml: { type: "application/vnd.google-earth.kml+xml", lines: "kml", isFile: true, write: writeKml },
  csv: { type: "text/csv", lines: "csv", isFile: true, write: writeCsv },
} as const satisfies Record<string, Form>;

async function* writeGeoJson({ pages }: Source): AsyncGenerator<Part> {
  let before = '{"type":"FeatureCollection","features":[';
  for await (const { lines, stops } of pages) {
    if (lines !== null) {
      yield before;
      yield lines;
      before = ",";
    }
    if (stops.length === 0) continue;
    yield before + stops.map(stopFeature).join(",");
    before = ",";
  }
  yield before === "," ? "]}" : `${before}]}`;
}

const stopFeature = ({ lat, lng, ...rest }: Stop): string =>
  JSON.stringify({
    type: "Feature",
    geometry: { type: "Point", coordinates: [lng, lat] },
    properties: { kind: "stop", ...rest },
  });

/** A stop in a sentence, for whoever looks at a map. */
const described = ({ from, to, durationS, place }: Stop): string =>
  `${from} to ${to}, ${Math.round(durationS / 60)} min${place === null ? "" : `, ${place}`}`;

/** GPX wants all points before all lines: so the way is read twice, since it need not fit into memory. */
async function* writeGpx({ name, pages, again }: Source): AsyncGenerator<Part> {
  const title = `<name>${xmlText(name)}</name>`;
  yield `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="tracksolid-edge" xmlns="http://www.topografix.com/GPX/1/1"><metadata>${title}</metadata>`;
  for await (const { stops } of pages) {
    for (const stop of stops) {
      yield `<wpt lat="${decimal(stop.lat)}" lon="${decimal(stop.lng)}"><time>${stop.from}</time><name>Stop ${stop.number}</name><desc>${xmlText(described(stop))}</desc></wpt>`;
    }
  }
  yield `<trk>${title}<trkseg>`;
  for await (const { lines } of again("gpx")) if (lines !== null) yield lines;
  yield "</trkseg></trk></gpx>\n";
}

async function* writeKml({ name, pages }: Source): AsyncGenerator<Part> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${xmlText(name)}</name>`;
  for await (const { lines, stops } of pages) {
    if (lines !== null) yield lines;
    for (const stop of stops) {
      yield `<Placemark><name>Stop ${stop.number}</name><description>${xmlText(described(stop))}</description><TimeSpan><begin>${stop.from}</begin><end>${stop.to}</end></TimeSpan><Point><coordinates>${decimal(stop.lng)},${decimal(stop.lat)}</coordinates></Point></Placemark>`;
    }
  }
  yield "</Document></kml>\n";
}

/** Without an exponent, which XML's decimals lack; a millionth of a degree is a decimetre. */
const decimal = (degrees: number) => degrees.toFixed(6);

/** Columns of the file; the statement writes the rows. It holds no free text. */
export const CSV_HEAD = "time,lat,lng,speedKmh,headingDeg,altitudeM,ignition,odometerKm,segment,stop\r\n";

async function* writeCsv({ pages }: Source): AsyncGenerator<Part> {
  yield CSV_HEAD;
  for await (const { lines } of pages) if (lines !== null) yield lines;
}
