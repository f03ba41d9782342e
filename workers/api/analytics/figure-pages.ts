import { z } from "@hono/zod-openapi";
import type { Parameter } from "../../../shared/database.ts";
import type { ApiContext } from "../context.ts";
import { type Cell, csvFile, csvLine, csvRows } from "../csv.ts";
import { answerRevised, type Days } from "../revised.ts";
import { askerOf, select } from "../select.ts";
import { answerStreamed } from "../streamed.ts";
import { vehicleFilter } from "../vehicle-filter.ts";
import {
  type Answer,
  type Asked,
  answerDays,
  answerNow,
  daysAsked,
  type figuresQuery,
  hangsOn,
  type Place,
} from "./period.ts";

/** Lines of a file that are read at once: some megabytes as text. Most statements make each page of all days anew, so pages are few. */
const LINES_PER_PAGE = 5_000;

/** How figures in pages are told, as a query parameter. */
export const figuresFormat = z.enum(["json", "csv"]).default("json").openapi({
  description:
    "`csv`: a file with all of them, whatever `limit`, a line each with the figures of the period and, under names that begin with `before`, those of the period before; a connection that breaks off has brought only a part",
  example: "json",
});

/** What is asked for of figures in pages. */
export interface AskedPages {
  format: "json" | "csv";
  limit: number;
  /** Where the page before ended; null: from the start. */
  place: Place | null;
}

/** A line of a file: unknown is empty. */
export type Line = Record<string, Cell>;

/** Figures in pages, which are also to be had as one file. */
export interface FigureList {
  statement: string;
  /** It tells of fuel that was filled in. */
  fills?: true;
  file: FigureFile;
  /** Parameters that follow those of days, vehicles and drivers: of the page after a place. */
  parameters: (place: Place | null, limit: number) => Parameter[];
}

/** How figures are written as a file. */
export interface FigureFile {
  name: string;
  columns: readonly string[];
  /** Lines of a page, which is the text that the statement made. */
  lines: (page: string) => Line[];
}

/** A file with an example of a page in it, for the document. */
export const exampleFile = ({ columns, lines }: FigureFile, page: unknown): string =>
  csvFile(columns, lines(JSON.stringify(page)));

/** Figures and those of the period before as cells of one line. */
export function compared<Figures>(
  figures: { period: Figures | null; before: Figures | null },
  cells: (of: Figures) => Line,
): Line {
  const before = figures.before === null ? {} : cells(figures.before);
  return {
    ...(figures.period && cells(figures.period)),
    ...Object.fromEntries(Object.entries(before).map(([name, cell]) => [beforeOf(name), cell])),
  };
}

const beforeOf = (name: string) => `before${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Answers with a page of figures beside those of the days before, or with all pages as a file. */
export async function answerFigurePages(
  c: ApiContext,
  query: z.output<typeof figuresQuery>,
  list: FigureList,
  pages: AskedPages,
): Promise<Response> {
  const asked = { ...query, ...(list.fills && { fills: list.fills }), compares: true, pages: true } as const;
  const days = await daysAsked(c, asked);
  const { vehicles, drivers } = vehicleFilter(query);
  const first = [days.from, days.to, days.beforeFrom, vehicles, drivers];
  return answerPages(c, days, asked, pages, {
    ...list,
    parameters: (place, limit) => [...first, ...list.parameters(place, limit)],
  });
}

/** The same of days that are asked for already. @param hangsOnNow The answer is another one at every moment. */
export async function answerPages(
  c: ApiContext,
  days: Days,
  asked: Asked,
  { format, limit, place }: AskedPages,
  { statement, file, parameters }: Omit<FigureList, "fills">,
  hangsOnNow = false,
): Promise<Response> {
  if (format === "json") {
    const answer = hangsOnNow ? answerNow : answerDays;
    return answer(c, days, asked, statement, parameters(place, limit));
  }
  async function* pages(): AsyncGenerator<string> {
    let after = place;
    do {
      const [page] = await select<Answer>(askerOf(c), statement, parameters(after, LINES_PER_PAGE));
      if (page === undefined) throw new Error("the statement has no row");
      yield page.body;
      after = page.place ?? null;
    } while (after !== null);
  }
  const make = () => answerStreamed(c, headersOf(file), pages(), (all) => write(file, all));
  if (!hangsOnNow) return answerRevised(c, days, make, hangsOn(days, format));
  const answer = await make();
  answer.headers.set("cache-control", "no-store");
  return answer;
}

const headersOf = ({ name }: FigureFile) => ({
  "content-type": "text/csv; charset=utf-8",
  "content-disposition": `attachment; filename="${name}.csv"`,
});

async function* write({ columns, lines }: FigureFile, pages: AsyncIterable<string>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const page of pages) yield csvRows(columns, lines(page));
}
