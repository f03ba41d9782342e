import { z } from "@hono/zod-openapi";
import { placeInstant, plainText } from "./filters.ts";
import { readPlaceWord } from "./place-word.ts";

/**
 * A word of `reporting.fn_place_word` as the statement takes it.
 * @param names What its parts are; `at` is an instant.
 * @returns JSON of the parts by their names; `{}` without a word: from the beginning.
 * @throws ApiProblem `invalid_request` where it is no such word
 */
export function readCursor(parameter: string, word: string | undefined, names: readonly string[]): string {
  if (word === undefined) return "{}";
  const place = z
    .array(plainText)
    .length(names.length)
    .refine((parts) => names.every((name, n) => name !== "at" || placeInstant.safeParse(parts[n]).success));
  const parts = readPlaceWord(place, parameter, word);
  return JSON.stringify(Object.fromEntries(names.map((name, n) => [name, parts[n]])));
}
