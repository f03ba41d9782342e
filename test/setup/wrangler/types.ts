import type { ParseArgsConfig } from "node:util";
import type { Account } from "./state.ts";

/** One call. */
export interface Answer {
  root: string;
  account: Account;
  values: Record<string, string | undefined>;
  positionals: string[];
}

export interface StandInCommand {
  options: NonNullable<ParseArgsConfig["options"]>;
  /** @returns what is printed */
  run(call: Answer): string | Promise<string>;
}

/** What wrangler ends with 1 for. */
export class Refused extends Error {}

/** Options with a value. */
export const strings = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));

/** Options without one. */
export const flags = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { type: "boolean" as const }]));

/** A table as cli-table3 draws it; of nothing, nothing. */
export function table(rows: Record<string, string>[]): string {
  const head = Object.keys(rows[0] ?? {});
  if (head.length === 0) return "";
  const lines = [head, ...rows.map((row) => head.map((name) => row[name] ?? ""))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)) + 2);
  const border = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const drawn = lines.map(
    (line) => `│${line.map((cell, column) => ` ${cell}`.padEnd(widths[column] ?? 0)).join("│")}│`,
  );
  const [first = "", ...others] = drawn;
  const body = others.flatMap((line) => [border("├", "┼", "┤"), line]);
  return [border("┌", "┬", "┐"), first, ...body, border("└", "┴", "┘")].join("\n");
}
