import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectVehicle from "#sql/workers/api/track/vehicle.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import type { ApiEnv } from "../context.ts";
import { readDecimal } from "../filters.ts";
import { instantsOf, instantsQuery } from "../periods.ts";
import { answerRevisedSpan, REVISED_SPAN_HINT } from "../revised-span.ts";
import { imeiParameter, notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { answerStreamed } from "../streamed.ts";
import { FORMS } from "./forms.ts";
import { type LineForm, readPages } from "./pages.ts";
import { fileExamples, trackCollection } from "./schemas.ts";

/** A month; at a fix every 10 s that is 268,000. */
const LONGEST_DAYS = 31;

/** Coarser than that a track is no way any more. */
const MOST_TOLERANCE_M = 1_000;

const query = z.object({
  ...instantsQuery,
  format: z.enum(["geojson", "gpx", "kml", "csv"]).default("geojson").openapi({
    description:
      "`csv` has a row for each fix: `segment` counts up after each gap, `stop` is the number of the stop it is part of",
    example: "geojson",
  }),
  simplify: z
    .string()
    .default("0")
    .transform(readDecimal)
    .pipe(z.number("must be metres").min(0).max(MOST_TOLERANCE_M))
    .openapi({
      type: "number",
      minimum: 0,
      maximum: MOST_TOLERANCE_M,
      default: 0,
      description:
        "Leaves out fixes that are no further than so many metres from the lines of those that stay. Stops are found first; their ends, those of segments, and a fix every few thousand stay",
      example: 10,
    }),
});

const text = z.string();

const route = createRoute({
  method: "get",
  path: "/v1/vehicles/{imei}/track",
  summary: "The way of a vehicle, for maps and files",
  description: `At most ${LONGEST_DAYS} days. Only fixes of satellites. A line is left open where nothing is known: over 10 min without a fix, found over 200 m away. Vehicles that are hidden on maps have no track, in no form: 404. A connection that breaks off has brought only a part. ${REVISED_SPAN_HINT}`,
  security: [{ key: [] }],
  request: { params: z.object({ imei: imeiParameter }), query },
  responses: {
    200: {
      description: "Oldest first; as a file where it is not GeoJSON. Without fixes it is empty",
      content: {
        "application/geo+json": { schema: trackCollection },
        "application/gpx+xml": { schema: text, example: fileExamples.gpx },
        "application/vnd.google-earth.kml+xml": { schema: text, example: fileExamples.kml },
        "text/csv": { schema: text, example: fileExamples.csv },
      },
    },
    304: { description: "Your copy is current" },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/vehicles/{imei}/track`. */
export function track(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { imei } = c.req.valid("param");
    const { format, simplify, ...asked } = c.req.valid("query");
    const { from, to } = instantsOf(asked, LONGEST_DAYS);
    const asker = askerOf(c);
    const [vehicle] = await select<{ name: string }>(asker, selectVehicle, [imei]);
    if (vehicle === undefined) {
      throw new ApiProblem("not_found", `No vehicle that maps may show has the IMEI ${imei}.`);
    }
    const way = { imei, from, to, toleranceM: simplify };
    const pagesOf = (lines: LineForm) => readPages(asker, way, lines);
    const { type, lines, isFile, write } = FORMS[format];
    const name = `track-${imei}-${[from, to].map((at) => at.replace(/\.\d+|[-:]/g, "")).join("-")}.${format}`;
    const headers = {
      "content-type": type,
      ...(isFile && { "content-disposition": `attachment; filename="${name}"` }),
    };
    return answerRevisedSpan(c, { asked, from, to, imeis: [imei] }, () =>
      answerStreamed(c, headers, pagesOf(lines), (pages) =>
        write({ name: vehicle.name, pages, again: pagesOf }),
      ),
    ) as never;
  });
}
