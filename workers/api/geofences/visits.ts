import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectVisits from "#sql/workers/api/geofences/visits.sql";
import { answerUnlessCurrent } from "../conditional.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import { csvFile, csvLine, csvRows } from "../csv.ts";
import { imeiText, pageLimit, placeInstant } from "../filters.ts";
import { PAGE_TYPES, type Page, pageBody, selectPage } from "../pages.ts";
import { instantsOf, instantsQuery } from "../periods.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { exampleVehicle, nextPage, notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf } from "../select.ts";
import { answerStreamed } from "../streamed.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { missing } from "./one.ts";
import { geofenceParams } from "./schemas.ts";

const LONGEST_DAYS = 92;

/** Of a file at a time. */
const CSV_PAGE = 1_000;

const place = z.tuple([placeInstant, imeiText]);

const query = z.object({
  ...instantsQuery,
  ...vehicleFilterQuery,
  format: z
    .enum(["json", "csv"])
    .default("json")
    .openapi({ description: "`csv`: all of them at once, whatever `limit` and `after`", example: "json" }),
  limit: pageLimit,
  after: afterParameter(["2026-01-15T08:30:00.000000Z", exampleVehicle.imei], 100),
});

const text = z.string().nullable();
const instant = z.iso.datetime();
const seconds = z.int().nullable();

const visit = z.object({
  imei: z.string(),
  name: text,
  plate: text,
  driver: text.openapi({ description: "When it entered" }),
  enteredAt: instant.openapi({ description: "First fix inside" }),
  enteredAfter: instant
    .nullable()
    .openapi({ description: "The fix before it: it entered between the two; null where there is none" }),
  leftAt: instant.nullable().openapi({ description: "Last fix inside; null while it is inside" }),
  leftBefore: instant
    .nullable()
    .openapi({ description: "The fix after it: it left between the two; null while it is inside" }),
  knownTo: instant.openapi({
    description:
      "Up to when it is known to be inside: the last fix inside or, of one that has not left and has its ignition off, the last contact",
  }),
  insideS: z.int().openapi({ description: "From enteredAt to knownTo: inside at least so long, s" }),
  atMostS: seconds.openapi({ description: "From enteredAfter to leftBefore, s; null without either" }),
  entryIsExact: z.boolean().openapi({ description: "It entered within ten minutes; else in a gap" }),
  entryWithinS: seconds.openapi({ description: "In so many seconds; null where no fix was before" }),
  exitIsExact: z
    .boolean()
    .nullable()
    .openapi({ description: "It left within ten minutes; else in a gap; null while it is inside" }),
  exitWithinS: seconds.openapi({ description: "In so many seconds; null while it is inside" }),
  fixes: z.int(),
});

/** Columns of the file. */
const COLUMNS = Object.keys(visit.shape) as (keyof z.infer<typeof visit>)[];

const exampleVisit = {
  ...{ imei: exampleVehicle.imei, name: exampleVehicle.name, plate: exampleVehicle.plate },
  driver: exampleVehicle.driver,
  enteredAt: "2026-01-15T08:30:00Z",
  enteredAfter: "2026-01-15T08:29:30Z",
  leftAt: "2026-01-15T09:10:00Z",
  leftBefore: "2026-01-15T09:31:00Z",
  knownTo: "2026-01-15T09:10:00Z",
  ...{ insideS: 2_400, atMostS: 3_690, entryIsExact: true, entryWithinS: 30, exitIsExact: false },
  ...{ exitWithinS: 1_260, fixes: 79 },
};

const visits = z
  .object({ visits: z.array(visit), next: nextPage })
  .openapi("GeofenceVisits", { example: { visits: [exampleVisit], next: null } });

const route = createRoute({
  method: "get",
  path: "/v1/geofences/{id}/visits",
  summary: "Who was in a geofence, when, and how exactly that is known",
  description: `Visits that touch the span, newest first, of at most ${LONGEST_DAYS} days; without those who passed by. They are made of fixes: late ones change visits long past, and of a geofence that is new or has changed some are missing for minutes. Ask again with \`If-None-Match\`: 304 while nothing changed. Disabled geofences have no visits.`,
  security: [{ key: [] }],
  request: { params: geofenceParams, query },
  responses: {
    200: {
      description: "A page; as CSV all of them, a line each under a line of names",
      content: {
        "application/json": { schema: visits },
        "text/csv": { schema: z.string(), example: csvFile(COLUMNS, [exampleVisit]) },
      },
    },
    304: { description: "Your copy still stands" },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/geofences/{id}/visits`. */
export function geofenceVisits(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { from, to, format, limit, after, ...filter } = c.req.valid("query");
    const span = instantsOf({ from, to }, LONGEST_DAYS);
    const { vehicles, drivers } = vehicleFilter(filter);
    const read = (most: number, before: string | undefined): Promise<Page> => {
      const [at, imei] = before === undefined ? [null, null] : readPlaceWord(place, "after", before);
      const parameters = [id, span.from, span.to, vehicles, drivers, most, at, imei];
      return selectPage(askerOf(c), selectVisits, parameters, missing(id));
    };
    if (format === "csv") return answerFile(c, id, (before) => read(CSV_PAGE, before)) as never;
    const body = pageBody(await read(limit, after), "visits", "json");
    return answerUnlessCurrent(c, body, PAGE_TYPES.json, "private, no-cache") as never;
  });
}

function answerFile(
  c: ApiContext,
  id: number,
  read: (before: string | undefined) => Promise<Page>,
): Promise<Response> {
  const headers = {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="geofence-${id}-visits.csv"`,
    "cache-control": "no-store",
  };
  async function* pages() {
    let next: string | null = null;
    do {
      const page: Page = await read(next ?? undefined);
      yield JSON.parse(page.entries) as z.infer<typeof visit>[];
      next = page.next;
    } while (next !== null);
  }
  return answerStreamed(c, headers, pages(), async function* (all) {
    yield csvLine(COLUMNS);
    for await (const page of all) yield csvRows(COLUMNS, page);
  });
}
