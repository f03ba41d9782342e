import type { HeldRows } from "../held-rows.ts";
import type { Found } from "./run.ts";

/** What there was more of, for whoever reads the answer. */
const CUT = {
  rows: "There are more rows than these: aggregate, or ask for more with max_rows.",
  bytes: "There are more rows than fit into an answer: choose fewer columns, or aggregate.",
} as const;

/** Rows by the keys of the door before this one. They are passed on as the server wrote them, so no number loses a digit. */
export function rowsBody({ rows, rowCount, stoppedBy, columns }: Found, held: HeldRows): string {
  const rest = { columns, ...(stoppedBy && { truncated_by: stoppedBy, note: CUT[stoppedBy] }) };
  return `{"row_count":${rowCount},"truncated":${stoppedBy !== null},"rows":${held.hold(rows)},${JSON.stringify(rest).slice(1)}`;
}
