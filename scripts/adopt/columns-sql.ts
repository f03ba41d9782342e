import { identifier } from "../../shared/quote.ts";
import type { TableAdoption } from "./table.ts";

/**
 * SQL that gives a table the columns of ours that it lacks. Each may be null or has a constant for a default, so nothing is
 * written anew; "" where nothing is missing.
 */
export function bridged({
  name,
  added,
  defaulted,
  widened,
  relaxed,
  droppedChecks,
  mirrored,
}: TableAdoption): string {
  const isMirrored = (column: string) => mirrored.some(({ ours }) => ours === column);
  const changes = [
    ...added.map(
      ({ name: column, type, default: value }) =>
        `add column ${identifier(column)} ${type}${value === null || isMirrored(column) ? "" : ` default ${value}`}`,
    ),
    ...defaulted.map(({ column, value }) => `alter column ${identifier(column)} set default ${value}`),
    ...widened.map((column) => `alter column ${identifier(column)} type text`),
    ...relaxed.map((column) => `alter column ${identifier(column)} drop not null`),
    ...droppedChecks.map((check) => `drop constraint ${identifier(check)}`),
  ];
  return changes.length === 0 ? "" : `alter table ${name}\n  ${changes.join(",\n  ")}`;
}
