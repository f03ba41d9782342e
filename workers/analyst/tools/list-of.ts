import type { ToolAnswer } from "../tool.ts";

/** A list as tools answer with one; it is whole unless said otherwise. */
export function listOf(rows: object[], truncated = false): ToolAnswer {
  return {
    body: JSON.stringify({ row_count: rows.length, truncated, rows }),
    rowCount: rows.length,
  };
}
