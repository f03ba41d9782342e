import { unitOf } from "../catalogue/unit.ts";

/** A column of a result. */
export interface Column {
  name: string;
  /** As Postgres calls it. */
  type: string;
  /** Null where nobody said it: of what a statement computes. */
  unit: string | null;
}

/** What the catalog says of it. */
interface Fact {
  type: string;
  name: string | null;
  comment: string | null;
}

/** Columns by the names that the statement gives them; the unit is that of the column they come from. */
export const describedColumns = (names: readonly string[], facts: readonly Fact[]): Column[] =>
  names.map((name, index) => {
    const fact = facts[index];
    return {
      name,
      type: fact?.type ?? "unknown",
      unit: fact?.name ? unitOf(fact.name, fact.comment) : null,
    };
  });
