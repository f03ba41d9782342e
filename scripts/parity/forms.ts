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

/** Through double precision, which gives a real and a numeric of one value the same digits. */
const numberText = (column: string) => `trim_scale(${column}::float8::numeric)::text`;

export const FORMS: Record<FormName, Form> = {
  instant: { types: INSTANTS, key: instantText, shown: instantText },
  number: { types: NUMBERS, key: numberText, shown: numberText },
  km: {
    types: NUMBERS,
    key: (column, _, decimals) => `round(${column}::float8::numeric, ${decimals})::text`,
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
