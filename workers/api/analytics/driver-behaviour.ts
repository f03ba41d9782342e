import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectDriverBehaviour from "#sql/workers/api/analytics/driver-behaviour.sql";
import { settings } from "../../../shared/settings.ts";
import type { ApiEnv } from "../context.ts";
import { pageLimit, plainText } from "../filters.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { nextPage } from "../schemas.ts";
import {
  answerFigurePages,
  compared,
  exampleFile,
  type FigureFile,
  type FigureList,
  figuresFormat,
  type Line,
} from "./figure-pages.ts";
import {
  comparedFields,
  exampleCompared,
  figuresQuery,
  MOST_AFTER_CHARACTERS,
  REVALIDATE,
  unchangedAnswer,
} from "./period.ts";

const { scoreSpeedingWeight, scoreHarshWeight, scoreLeastKm } = settings;

const number = z.number().nullable();
const rate = number.openapi({ description: "Of days whose distance is known; null without one" });

const figures = z
  .object({
    vehicles: z.int(),
    driverDays: z.int().openapi({ description: "Days of a driver with a vehicle" }),
    knownDriverDays: z.int().openapi({ description: "Days on which the seconds rest" }),
    distanceKm: number,
    distanceDriverDays: z.int().openapi({ description: "Days whose distance is known" }),
    movingS: number,
    idlingS: number,
    idlingShare: number.openapi({ description: "idling ÷ (moving + idling), 0 to 1" }),
    trips: z.int(),
    alarms: z.int(),
    speedingEvents: z.int(),
    harshEvents: z.int(),
    speedingPer100Km: rate,
    harshPer100Km: rate,
    maxSpeedKmh: number,
    score: number.openapi({
      description: `100 − ${scoreSpeedingWeight} × speedingPer100Km − ${scoreHarshWeight} × harshPer100Km, 0 at least; null below ${scoreLeastKm} km`,
    }),
    rank: z
      .int()
      .nullable()
      .openapi({ description: "1 is the highest score of all that match; equal ones share it" }),
  })
  .openapi("DriverBehaviour");

const exampleFigures: z.input<typeof figures> = {
  ...{ vehicles: 1, driverDays: 6, knownDriverDays: 6, distanceKm: 512.4, distanceDriverDays: 6 },
  ...{ movingS: 61_200, idlingS: 9_000, idlingShare: 0.1282, trips: 38, alarms: 14 },
  ...{ speedingEvents: 4, harshEvents: 6, speedingPer100Km: 0.781, harshPer100Km: 1.171 },
  ...{ maxSpeedKmh: 92, score: 93.2, rank: 12 },
};

type Figures = z.infer<typeof figures>;

interface Driver {
  driver: string;
  period: Figures;
  before: Figures | null;
}

const exampleDriver: Driver = { driver: "Wanjiku Kamau", period: exampleFigures, before: null };

const lineOf = ({ driver, ...of }: Driver): Line => ({ driver, ...compared(of, (figures) => figures) });

const file: FigureFile = {
  name: "driver-behaviour",
  columns: Object.keys(lineOf({ ...exampleDriver, before: exampleFigures })),
  lines: (page) => (JSON.parse(page) as { drivers: Driver[] }).drivers.map(lineOf),
};

const behaviourAnswer = z
  .object({
    ...comparedFields,
    totals: z
      .object({ period: figures.nullable(), before: figures.nullable() })
      .openapi({ description: "Of all drivers, not of the page alone; null without one" }),
    drivers: z.array(
      z.object({
        driver: z
          .string()
          .openapi({ description: "As the vendor or the company names them: namesakes are one" }),
        period: figures,
        before: figures.nullable().openapi({ description: "Null where they had no vehicle" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("DriverBehaviourList", {
    example: {
      ...exampleCompared,
      totals: { period: { ...exampleFigures, rank: null }, before: null },
      drivers: [exampleDriver],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/analytics/driver-behaviour",
  summary: "How drivers drove, with a score, beside the period before",
  description: `Drivers are those of the time. On a day on which they changed, each has what happened in their time. ${REVALIDATE}`,
  security: [{ key: [] }],
  request: {
    query: figuresQuery.extend({
      format: figuresFormat,
      limit: pageLimit,
      after: afterParameter(["Wanjiku Kamau"], MOST_AFTER_CHARACTERS),
    }),
  },
  responses: {
    200: {
      description: "A page in the order of names, and the totals; as CSV all drivers, without the totals",
      content: {
        "application/json": { schema: behaviourAnswer },
        "text/csv": { schema: z.string(), example: exampleFile(file, { drivers: [exampleDriver] }) },
      },
    },
    ...unchangedAnswer,
  },
});

/** `GET /v1/analytics/driver-behaviour`. */
export function driverBehaviour(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { format, limit, after, ...query } = c.req.valid("query");
    const list: FigureList = {
      ...{ statement: selectDriverBehaviour, file },
      parameters: (last, most) => [
        ...[last?.[0] ?? null, most, scoreSpeedingWeight, scoreHarshWeight, scoreLeastKm],
      ],
    };
    const place = after === undefined ? null : readPlaceWord(z.tuple([plainText]), "after", after);
    return answerFigurePages(c, query, list, { format, limit, place }) as never;
  });
}
