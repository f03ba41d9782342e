import { z } from "@hono/zod-openapi";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { instantParameter } from "./filters.ts";

const DAY_MS = 24 * 3_600_000;

/** From an instant to another, in a query string. */
export const instantsQuery = {
  from: instantParameter
    .optional()
    .openapi({ description: "Default: 24 h before `to`", example: "2026-01-15T00:00:00Z" }),
  to: instantParameter
    .optional()
    .openapi({ description: "Not included. Default: now", example: "2026-01-16T00:00:00Z" }),
};

/**
 * What `instantsQuery` means; without `from`, `defaultDays` up to `to`; without `to`, up to `asOfMs`.
 * @returns Instants, UTC; `to` is not in the span.
 * @throws ApiProblem `invalid_request` where it is empty, runs backwards or is longer than `mostDays`.
 */
export function instantsOf(
  asked: { from?: string | undefined; to?: string | undefined },
  mostDays: number,
  { defaultDays = 1, asOfMs = nowMs() } = {},
): { from: string; to: string } {
  const toMs = asked.to === undefined ? asOfMs : Date.parse(asked.to);
  const fromMs = asked.from === undefined ? toMs - defaultDays * DAY_MS : Date.parse(asked.from);
  if (fromMs >= toMs) throw new ApiProblem("invalid_request", "from: must be before to");
  if (toMs - fromMs > mostDays * DAY_MS) {
    throw new ApiProblem("invalid_request", `from: must be at most ${mostDays} days before to`);
  }
  return { from: toIso(fromMs), to: toIso(toMs) };
}

/**
 * For lists whose span may be open at either end.
 * @throws ApiProblem `invalid_request` where both ends are given and run backwards.
 */
export function refuseBackwards({ from, to }: { from?: string | undefined; to?: string | undefined }): void {
  if (from !== undefined && to !== undefined && from >= to) {
    throw new ApiProblem("invalid_request", "from: must be before to");
  }
}

const dayParameter = z.iso
  .date("must be a day like 2026-01-15")
  .refine((day) => day >= "2000-01-01" && day < "2200-01-01", "must be between the years 2000 and 2200")
  .optional();

/** From a day of the fleet's zone to another, in a query string. */
export const daysQuery = {
  from: dayParameter.openapi({
    type: "string",
    format: "date",
    description: "Day in the fleet's zone. Default: 6 days before `to`",
    example: "2026-01-09",
  }),
  to: dayParameter.openapi({
    type: "string",
    format: "date",
    description: "Included. Default: today",
    example: "2026-01-15",
  }),
};
