import { literal } from "../../shared/quote.ts";
import type { LateIndex } from "./rewrite.ts";
import type { TableAdoption } from "./table.ts";

/** Work that follows the change of the schema, piece by piece, while everybody writes. */
export interface Step {
  kind: "fill" | "key" | "index" | "days";
  table: string;
  /** `fill`: which rows wait; `key`: its columns; `index`: its SQL. */
  definition: string;
}

/** The steps in their order. */
export function stepsOf(tables: TableAdoption[], indexes: LateIndex[]): Step[] {
  return [
    ...tables.flatMap((table): Step[] => {
      const { name, waiting } = table;
      return waiting === null ? [] : [{ kind: "fill", table: name, definition: waiting }];
    }),
    ...tables
      .filter(({ needsKey }) => needsKey)
      .map(({ name, ours }): Step => ({ kind: "key", table: name, definition: ours.key.join(", ") })),
    ...indexes.map(({ table, sql }): Step => ({ kind: "index", table, definition: sql })),
    { kind: "days", table: "tracksolid.position_history", definition: "" },
  ];
}

/** SQL of the list of steps, which a run that was cut off goes on with. */
export function stepsSql(steps: Step[]): string {
  return [
    `create table private.adoption (
      number     integer primary key,
      kind       text not null,
      relation   text not null,
      definition text not null,
      rows       bigint not null default 0,
      done_at    timestamptz
    );`,
    "comment on table private.adoption is 'What was left to do when the tables of the system before this one were adopted, and how far that is.';",
    "create table private.adopted_doubles (relation text not null, row json not null, moved_at timestamptz not null default now());",
    "comment on table private.adopted_doubles is 'Rows of the system before this one that said twice what the key of ours says once.';",
    ...steps.map(
      ({ kind, table, definition }, index) =>
        `insert into private.adoption (number, kind, relation, definition) values (${index + 1}, ${[kind, table, definition].map(literal).join(", ")});`,
    ),
  ].join("\n");
}
