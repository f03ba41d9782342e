import { z } from "@hono/zod-openapi";
import { settings } from "../../../shared/settings.ts";
import { CSV_HEAD } from "./forms.ts";

const place = z.tuple([z.number(), z.number()]);
const times = z.array(z.iso.datetime()).openapi({ description: "Of each position, in their order" });
const speeds = z.array(z.number().nullable()).openapi({ description: "The same" });
const segment = z.int().openapi({ description: "From 1, a new one after each gap" });

/** A track on a map. */
export const trackCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.union([
        z.object({
          type: z.literal("Feature"),
          geometry: z.object({ type: z.literal("LineString"), coordinates: z.array(place) }),
          properties: z.object({ kind: z.literal("line"), segment, coordTimes: times, speedsKmh: speeds }),
        }),
        z.object({
          type: z.literal("Feature"),
          geometry: z.object({ type: z.literal("Point"), coordinates: place }),
          properties: z
            .object({ kind: z.literal("fix"), segment, coordTimes: times, speedsKmh: speeds })
            .openapi({ description: "A fix alone between two gaps" }),
        }),
        z.object({
          type: z.literal("Feature"),
          geometry: z.object({ type: z.literal("Point"), coordinates: place }),
          properties: z.object({
            kind: z.literal("stop"),
            number: z.int().openapi({ description: "From 1, in the span" }),
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            durationS: z.int(),
            place: z.string().nullable().openapi({ description: "Address, where one is known" }),
          }),
        }),
      ]),
    ),
  })
  .openapi("Track", {
    description: `Lines, and stops of at least ${settings.stopAfterS / 60} min. A long segment is several lines, each of which begins where the one before ends`,
    example: {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: {
            type: "LineString",
            coordinates: [
              [36.8172, -1.2864],
              [36.8191, -1.2871],
            ],
          },
          properties: {
            kind: "line",
            segment: 1,
            coordTimes: ["2026-01-15T08:30:00Z", "2026-01-15T08:30:20Z"],
            speedsKmh: [42, 40],
          },
        },
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [36.8191, -1.2871] },
          properties: {
            kind: "stop",
            number: 1,
            from: "2026-01-15T08:30:20Z",
            to: "2026-01-15T08:52:20Z",
            durationS: 1_320,
            place: "Kenyatta Avenue, Nairobi",
          },
        },
      ],
    },
  });

const stopText = "2026-01-15T08:30:20Z to 2026-01-15T08:52:20Z, 22 min, Kenyatta Avenue, Nairobi";

/** What the files look like. */
export const fileExamples = {
  gpx: `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="tracksolid-edge" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>KDA 123A</name></metadata><wpt lat="-1.287100" lon="36.819100"><time>2026-01-15T08:30:20Z</time><name>Stop 1</name><desc>${stopText}</desc></wpt><trk><name>KDA 123A</name><trkseg><trkpt lat="-1.2864" lon="36.8172"><time>2026-01-15T08:30:00Z</time></trkpt></trkseg></trk></gpx>
`,
  kml: `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>KDA 123A</name><Placemark><name>Stop 1</name><description>${stopText}</description><TimeSpan><begin>2026-01-15T08:30:20Z</begin><end>2026-01-15T08:52:20Z</end></TimeSpan><Point><coordinates>36.819100,-1.287100</coordinates></Point></Placemark></Document></kml>
`,
  csv: `${CSV_HEAD}2026-01-15T08:30:00Z,-1.2864,36.8172,42,270,1661,true,48211.4,1,\r\n2026-01-15T08:30:20Z,-1.2871,36.8191,0,270,1661,true,48211.7,1,1\r\n`,
};
