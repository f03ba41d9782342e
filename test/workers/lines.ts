import { vi } from "vitest";

/** A line of the log. */
export type Line = Record<string, unknown> & { event: string };

/** Collects the log from now on, until the mocks are restored. */
export function collectLines(): Line[] {
  const lines: Line[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(line));
  }
  return lines;
}
