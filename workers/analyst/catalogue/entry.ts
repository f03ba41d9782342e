/** A question that an object answers, with SQL that does. */
export interface Question {
  question: string;
  sql: string;
  /** Columns of the answer, in their order. */
  columns: string[];
}

/** What comments in the database do not say of an object. */
export interface Entry {
  /** What one row is. */
  grain: string;
  /** What leads to wrong figures. */
  caveats: string[];
  questions: Question[];
}

/** Entries by `schema.name`. */
export type Entries = Record<string, Entry>;
