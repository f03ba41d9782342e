/** How values are written as text, so that equal ones are equal whichever type a database keeps them in. */
interface Form {
  /** Types that can be written so; any where there are none. */
  types?: string[];
  /** What is hashed and compared. Null stays null. */
  key(column: string, type: string, decimals: number): string;
  /** What is shown, and what a tolerance is applied to. */
  shown(column: string, type: string): string;
}

export type FormName = "instant" | "degrees" | "km" | "number" | "word";

export const INSTANTS = ["timestamp with time zone", "timestamp without time zone"];
const NUMBERS = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];

/** A column as timestamptz. A time without a zone is one of UTC. */
export const instantOf = (column: string, type: string) =>
  type === "timestamp without time zone" ? `(${column} at time zone 'UTC')` : column;

/** An instant as the type of a column, so that its index serves. */
export const boundOf = (instant: string, type: string) =>
  type === "timestamp without time zone" ? `(${instant} at time zone 'UTC')` : instant;

/** Both databases write timestamps the same way once they are without a zone. */
const instantText = (column: string, type: string) =>
  type === "timestamp without time zone" ? `${column}::text` : `(${column} at time zone 'UTC')::text`;

/**
 * A number as numeric, with the digits that a real or double precision of its value has: a real is cut to six where it is cast, but
 * written with all it holds. What double precision has no room for stays as it is.
 */
export const numericOf = (column: string, type: string) => {
  if (type === "real") return `${column}::text::numeric`;
  if (type !== "numeric") return `${column}::numeric`;
  return `case when ${column} between -1e300 and 1e300 then round(${column}, 30)::float8::numeric else ${column} end`;
};

const numberText = (column: string, type: string) => `trim_scale(${numericOf(column, type)})::text`;

export const FORMS: Record<FormName, Form> = {
  instant: { types: INSTANTS, key: instantText, shown: instantText },
  number: { types: NUMBERS, key: numberText, shown: numberText },
  km: {
    types: NUMBERS,
    key: (column, type, decimals) => `round(${numericOf(column, type)}, ${decimals})::text`,
    shown: numberText,
  },
  // In units of 0.00001°, halves away from zero as a numeric of five decimals has them. Of up to nine decimals it gives what
  // round(…::numeric, 5) does, and a digest of a million positions takes 0.8 s instead of 1.5.
  degrees: {
    types: NUMBERS,
    key: (column) =>
      `case when ${column} between -1000 and 1000
        then (sign(${column}::float8) * floor(abs(${column}::float8) * 100000 + 0.500001))::int8::text else ${column}::text end`,
    shown: (column) => `${column}::text`,
  },
  // Marked, since a word may be empty.
  word: { key: (column) => `'=' || ${column}::text`, shown: (column) => `${column}::text` },
};
