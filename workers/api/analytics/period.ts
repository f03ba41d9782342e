import { z } from "@hono/zod-openapi";
import type postgres from "postgres";
import type { Parameter } from "../../../shared/database.ts";
import type { ApiContext } from "../context.ts";
import { daysQuery } from "../periods.ts";
import { placeWord } from "../place-word.ts";
import { routeOf } from "../request-log.ts";
import { answerRevised, type Days, daysOf } from "../revised.ts";
import { problemAnswers } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { vehicleFilter, vehicleFilterQuery } from "../vehicle-filter.ts";
import { makeOnce } from "./kept-answers.ts";

/** A year, and its day more. */
const MOST_DAYS = 366;

/** What every figure can be asked for with. */
export const figuresQuery = z.object({ ...daysQuery, ...vehicleFilterQuery });

/** How such an answer is kept up to date, for the descriptions of routes. */
export const REVALIDATE =
  "Days are those of the fleet's zone, at most 366 at once. Late facts change days long past: ask again with `If-None-Match`, 304 while nothing changed.";

/** What the figures mean that every such answer has. */
export const UNKNOWN =
  "What is not known is null, never 0; each figure says on how many days of vehicles it rests.";

export const unchangedAnswer = {
  304: { description: "Nothing of it changed since the answer you have" },
  ...problemAnswers,
};

const day = z.iso.date();

const asked = z.object({
  from: day,
  to: day,
  days: z.int().openapi({ description: "How many, first and last included" }),
  zone: z.string().openapi({ description: "The fleet's zone, IANA name" }),
});

/** The days an answer is of. */
export const periodFields = { period: asked };

/** The same, of an answer with the days before beside them. */
export const comparedFields = {
  period: asked,
  before: z.object({ from: day, to: day }).openapi({ description: "As many days before them" }),
};

export const examplePeriod = {
  period: { from: "2026-01-09", to: "2026-01-15", days: 7, zone: "Africa/Nairobi" },
};

export const exampleCompared = { ...examplePeriod, before: { from: "2026-01-02", to: "2026-01-08" } };

/** `after` of a page: most places have the name of a driver or a group in them, which is free text. */
export const MOST_AFTER_CHARACTERS = 2_000;

/** Where a page ends: a group and its key, a day and a driver … */
export type Place = readonly (string | null)[];

/** What a statement answers with. */
export interface Answer extends postgres.Row {
  body: string;
  /** Of the last of the page, where more follow. */
  place?: Place | null;
}

/** What is asked for, and how it is answered. */
export interface Asked {
  from?: string | undefined;
  to?: string | undefined;
  /** With the days before beside it. */
  compares: boolean;
  /** It has pages. */
  pages?: true;
  /** It tells of fuel that was filled in. */
  fills?: true;
}

/** The days asked for. @throws ApiProblem `invalid_request` */
export const daysAsked = (c: ApiContext, { from, to, compares, fills }: Asked): Promise<Days> =>
  daysOf(c, { from, to, compares, mostDays: MOST_DAYS, company: fills ? "fills" : "company" });

/**
 * Answers with figures beside those of the days before.
 * @param statement Its first parameters are the first and the last day, the first of the days before, vehicles and drivers.
 * @param more Its parameters after them.
 */
export async function answerFigures(
  c: ApiContext,
  query: z.output<typeof figuresQuery>,
  { statement }: { statement: string },
  more: Parameter[] = [],
): Promise<Response> {
  const asked = { ...query, compares: true };
  const days = await daysAsked(c, asked);
  const { vehicles, drivers } = vehicleFilter(query);
  const parameters = [days.from, days.to, days.beforeFrom, vehicles, drivers, ...more];
  return answerDays(c, days, asked, statement, parameters);
}

/** Answers with what a statement makes of days, or that the caller has it already. */
export async function answerDays(
  c: ApiContext,
  days: Days,
  asked: Asked,
  statement: string,
  parameters: Parameter[],
  more = "",
): Promise<Response> {
  const make = async (etag: string) => {
    const question = JSON.stringify([routeOf(c), parameters, etag]);
    return answerJson(await makeOnce(question, () => figuresOf(c, days, asked, statement, parameters)));
  };
  return answerRevised(c, days, make, hangsOn(days, more));
}

/** What an answer hangs on besides the revision: of days of which nothing is known yet, one is like the other. */
export const hangsOn = ({ from, to, company }: Days, more: string): string =>
  [from, to, company, more].filter(Boolean).join(".");

/** Answers with what a statement makes of days, as it is now. */
export const answerNow = async (
  c: ApiContext,
  days: Days,
  asked: Asked,
  statement: string,
  parameters: Parameter[],
): Promise<Response> => answerUnkept(await figuresOf(c, days, asked, statement, parameters));

const answerJson = (body: string) => new Response(body, { headers: { "content-type": "application/json" } });

/** What a statement makes of days, as the text of an answer. */
async function figuresOf(
  c: ApiContext,
  days: Days,
  { compares, pages }: Asked,
  statement: string,
  parameters: Parameter[],
): Promise<string> {
  const [answer] = await select<Answer>(askerOf(c), statement, parameters);
  if (answer === undefined) throw new Error("the statement has no row");
  const { body, place } = answer;
  const { from, to, zone } = days;
  const head = {
    period: { from, to, days: days.days, zone },
    ...(compares && { before: { from: days.beforeFrom, to: days.beforeTo } }),
  };
  const tail = pages ? `,"next":${JSON.stringify(place ? placeWord(place) : null)}}` : "}";
  return `${JSON.stringify(head).slice(0, -1)},${body.slice(1, -1)}${tail}`;
}
