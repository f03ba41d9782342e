import type { Parameter } from "../../shared/database.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { placeWord } from "./place-word.ts";
import { type Asker, select } from "./select.ts";

/** A page of a list. */
export interface Page {
  /** A JSON list, as Postgres has built it. */
  entries: string;
  next: string | null;
}

/**
 * The page of a statement that gives `entries` and, where there are more, `last`: the key of the last one.
 * @throws ApiProblem `not_found` where it gives no row, with what is missing.
 */
export async function selectPage(
  asker: Asker,
  statement: string,
  parameters: Parameter[],
  missing = "There is no such list.",
): Promise<Page> {
  const [row] = await select<{ entries: string; last: unknown[] | null }>(asker, statement, parameters);
  if (row === undefined) throw new ApiProblem("not_found", missing);
  return { entries: row.entries, next: row.last && placeWord(row.last) };
}

/** A page as an answer: a JSON object with its entries under a name, or a GeoJSON FeatureCollection. */
export function pageBody({ entries, next }: Page, name: string, format: "json" | "geojson"): string {
  const end = `"next":${JSON.stringify(next)}}`;
  return format === "geojson"
    ? `{"type":"FeatureCollection","features":${entries},${end}`
    : `{${JSON.stringify(name)}:${entries},${end}`;
}

/** Types of the two. */
export const PAGE_TYPES = { json: "application/json", geojson: "application/geo+json" } as const;
