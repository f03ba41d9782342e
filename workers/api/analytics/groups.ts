import { z } from "@hono/zod-openapi";
import type { ApiContext } from "../context.ts";
import type { Cell } from "../csv.ts";
import { pageLimit, plainText } from "../filters.ts";
import { afterParameter, readPlaceWord } from "../place-word.ts";
import { nextPage } from "../schemas.ts";
import {
  answerFigurePages,
  compared,
  exampleFile,
  type FigureFile,
  figuresFormat,
  type Line,
} from "./figure-pages.ts";
import { comparedFields, exampleCompared, figuresQuery, MOST_AFTER_CHARACTERS } from "./period.ts";

const GROUPS = ["vehicle", "account", "city", "segment", "vehicle_type", "day"] as const;

/** What figures by groups can be asked for with. */
export const groupsQuery = figuresQuery.extend({
  group_by: z.enum(GROUPS).default("vehicle").openapi({
    description: "What is added up: account, city … of vehicles as they are now",
    example: "city",
  }),
  format: figuresFormat,
  limit: pageLimit,
  after: afterParameter(["city", "Mombasa"], MOST_AFTER_CHARACTERS),
});

/** A page of groups with their figures, and the totals. */
export const groupList = <Figures extends z.ZodType>(
  name: string,
  figures: Figures,
  exampleFigures: z.input<Figures>,
) =>
  z
    .object({
      ...comparedFields,
      groupBy: z.string(),
      totals: z
        .object({ period: figures.nullable(), before: figures.nullable() })
        .openapi({ description: "Of all groups, not of the page alone; null without a vehicle" }),
      groups: z.array(
        z.object({
          key: z.string().nullable().openapi({
            description: "IMEI, account, city …, or day; null: vehicles without one, the last of the list",
          }),
          name: z.string().nullable().openapi({ description: "Of a vehicle" }),
          plate: z.string().nullable().openapi({ description: "Of a vehicle" }),
          period: figures.nullable().openapi({ description: "Null where there was no vehicle" }),
          before: figures
            .nullable()
            .openapi({ description: "Likewise; of a day, the one as many days before" }),
        }),
      ),
      next: nextPage,
    })
    .openapi(name, {
      example: {
        ...exampleCompared,
        groupBy: "vehicle",
        totals: { period: exampleFigures, before: null },
        groups: [
          {
            ...{ key: "860000000000001", name: "KDA 123A", plate: "KDA 123A" },
            ...{ period: exampleFigures, before: null },
          },
        ],
        next: null,
      },
    });

/** A group with its figures, as statements tell it. */
interface Group<Figures> {
  key: string | null;
  name: string | null;
  plate: string | null;
  period: Figures | null;
  before: Figures | null;
}

/**
 * Figures by groups as a file.
 * @param example Figures that have every column.
 * @param cells How figures are written in a line.
 */
export function groupFile<Figures extends object>(
  name: string,
  example: Figures,
  cells: (of: Figures) => Line,
): { file: FigureFile; content: { "text/csv": { schema: z.ZodString; example: string } } } {
  const line = ({ key, name, plate, ...figures }: Group<Figures>): Line => ({
    ...{ key, name, plate },
    ...compared(figures, cells),
  });
  const own = { key: "860000000000001", name: "KDA 123A", plate: "KDA 123A" };
  const file: FigureFile = {
    name,
    columns: Object.keys(line({ ...own, period: example, before: example })),
    lines: (page) => (JSON.parse(page) as { groups: Group<Figures>[] }).groups.map(line),
  };
  const examplePage = { groups: [{ ...own, period: example, before: null }] };
  return { file, content: { "text/csv": { schema: z.string(), example: exampleFile(file, examplePage) } } };
}

/** Figures that are cells as they are. */
export const plainCells = <Figures extends Record<string, Cell>>(figures: Figures): Line => figures;

/**
 * Answers with figures by groups.
 * @param figures A statement whose parameters end with the group, the last key of the page before and how many.
 */
export async function answerGroups(
  c: ApiContext,
  { group_by: group, format, limit, after, ...query }: z.output<typeof groupsQuery>,
  figures: { statement: string; fills?: true; file: FigureFile },
): Promise<Response> {
  const place = z.tuple([z.literal(group), plainText]);
  const begin = after === undefined ? null : readPlaceWord(place, "after", after);
  return answerFigurePages(
    c,
    query,
    { ...figures, parameters: (place, most) => [group, place?.[1] ?? null, most] },
    { format, limit, place: begin },
  );
}
