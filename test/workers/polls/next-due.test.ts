import { describe, expect, it } from "vitest";
import { nextDueMs } from "../../../workers/polls/next-due.ts";
import { schedule } from "../../../workers/polls/schedule.ts";

const next = (cron: string, after: string) => new Date(nextDueMs(cron, Date.parse(after))).toISOString();

describe("the next tick", () => {
  it.each([
    ["* * * * *", "2026-01-15T08:30:00.000Z", "2026-01-15T08:31:00.000Z"],
    ["* * * * *", "2026-01-15T08:30:59.999Z", "2026-01-15T08:31:00.000Z"],
    ["* * * * *", "2026-12-31T23:59:30.000Z", "2027-01-01T00:00:00.000Z"],
    ["*/15 * * * *", "2026-01-15T08:29:59.000Z", "2026-01-15T08:30:00.000Z"],
    ["*/15 * * * *", "2026-01-15T08:30:00.000Z", "2026-01-15T08:45:00.000Z"],
    // It begins anew each hour.
    ["*/7 * * * *", "2026-01-15T08:56:00.000Z", "2026-01-15T09:00:00.000Z"],
    ["*/59 * * * *", "2026-01-15T08:59:00.000Z", "2026-01-15T09:00:00.000Z"],
    ["7 * * * *", "2026-01-15T08:06:59.000Z", "2026-01-15T08:07:00.000Z"],
    ["7 * * * *", "2026-01-15T23:07:00.000Z", "2026-01-16T00:07:00.000Z"],
    ["0 3 * * *", "2026-01-15T02:59:00.000Z", "2026-01-15T03:00:00.000Z"],
    ["59 23 * * *", "2026-02-28T23:59:00.000Z", "2026-03-01T23:59:00.000Z"],
  ])("of %s after %s is %s", (cron, after, due) => {
    expect(next(cron, after)).toBe(due);
  });

  it.each(Object.entries(schedule))("of %s comes within its period", (_, { cron, everyS }) => {
    const periodMs = everyS * 1000;
    for (let afterMs = Date.parse("2026-01-15T00:00:00Z"), tries = 0; tries < 20; tries++) {
      const dueMs = nextDueMs(cron, afterMs);
      expect(dueMs).toBeGreaterThan(afterMs);
      expect(dueMs - afterMs).toBeLessThanOrEqual(periodMs);
      if (tries > 0) expect(dueMs - afterMs).toBe(periodMs);
      afterMs = dueMs;
    }
  });

  it.each([
    ...["", "* * * *", "* * * * * *", "*/0 * * * *", "*/60 * * * *", "60 * * * *", "0 24 * * *", "* 3 * * *"],
    ...[
      "*/5 3 * * *",
      "0 */2 * * *",
      "1,2 * * * *",
      "1-5 * * * *",
      "0 3 1 * *",
      "0 3 * 1 *",
      "0 3 * * MON",
      "@daily",
    ],
  ])("of %j is not known", (cron) => {
    expect(() => nextDueMs(cron, 0)).toThrow(`"${cron}"`);
  });
});
