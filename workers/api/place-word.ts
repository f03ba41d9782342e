import { z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { parseJson } from "../../shared/text.ts";

/** A place in a list as one opaque word, for the caller to send back. */
export const placeWord = (place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(place)).toString("base64url");

/** The inverse of {@link placeWord}. @throws ApiProblem `invalid_request` where it is none */
export function readPlaceWord<Place extends readonly unknown[]>(
  schema: z.ZodType<Place>,
  parameter: string,
  word: string,
): Place {
  const read = schema.safeParse(parseJson(Buffer.from(word, "base64url").toString()));
  if (read.success && placeWord(read.data) === word) return read.data;
  throw new ApiProblem("invalid_request", `${parameter}: must come from an answer of this list`);
}

/** Longer than the word of any list but those whose parts are free text. */
const MOST_CHARACTERS = 400;

/** `after` of a list, with an example of the places that its words are of. */
export const afterParameter = (example: readonly unknown[], mostCharacters = MOST_CHARACTERS) =>
  z
    .string()
    .max(mostCharacters)
    .optional()
    .openapi({ description: "`next` of the answer before", example: placeWord(example) });
