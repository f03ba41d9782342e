import { expect, it } from "vitest";
import { type Evaluation, judge, type Standing } from "../../../durable-objects/alert-desk/standing.ts";
import type { AlertRuleName } from "../../../workers/alerts/rules.ts";

const MINUTE_MS = 60_000;

/** Evaluations one after the other, each with its minute. @returns what each told */
function told(
  ...evaluations: (Partial<Omit<Evaluation, "atMs" | "findings">> & { at: number; found: string[] })[]
) {
  let standing: Standing[] = [];
  return evaluations.map(({ at, found, unknown = [] }) => {
    const findings = found.map((name) => {
      const [rule = "", subject = ""] = name.split(" ");
      return { rule: rule as AlertRuleName, subject, text: `${name} at ${at}` };
    });
    const judged = judge(standing, { findings, unknown, atMs: at * MINUTE_MS });
    standing = judged.standing;
    return judged.events.map(({ kind, rule, subject, sinceMs }) =>
      [kind, rule, subject, sinceMs / MINUTE_MS].join(" ").replace("  ", " "),
    );
  });
}

it("tells once what stands, and each subject by itself", () => {
  expect(
    told(
      { at: 0, found: ["dead_letters dead/"] },
      { at: 5, found: ["dead_letters dead/"] },
      { at: 10, found: ["dead_letters dead/", "dead_letters other/"] },
    ),
  ).toEqual([["opened dead_letters dead/ 0"], [], ["opened dead_letters other/ 10"]]);
});

it("tells what passes by itself only once it has not passed", () => {
  expect(
    told(
      { at: 0, found: ["breaker_open live"] },
      { at: 5, found: ["breaker_open live"] },
      { at: 10, found: [] },
      { at: 15, found: ["breaker_open live"] },
      { at: 20, found: ["breaker_open live"] },
      { at: 25, found: ["breaker_open live"] },
    ),
  ).toEqual([[], [], [], [], [], ["opened breaker_open live 15"]]);
});

it("tells that it is over when two evaluations have not found it, and what comes back between was never over", () => {
  expect(
    told(
      { at: 0, found: ["dead_letters dead/"] },
      { at: 5, found: [] },
      { at: 10, found: ["dead_letters dead/"] },
      { at: 15, found: [] },
      { at: 20, found: [] },
      { at: 25, found: [] },
      { at: 30, found: ["dead_letters dead/"] },
    ),
  ).toEqual([
    ["opened dead_letters dead/ 0"],
    [],
    [],
    [],
    ["recovered dead_letters dead/ 0"],
    [],
    ["opened dead_letters dead/ 30"],
  ]);
});

it("neither begins nor ends what nobody could look at", () => {
  const unknown = ["coverage_low"];
  expect(
    told(
      { at: 0, found: ["coverage_low coverage"] },
      { at: 5, found: [], unknown },
      { at: 60, found: [], unknown },
      { at: 65, found: ["coverage_low coverage"] },
      { at: 90, found: [] },
    ),
  ).toEqual([["opened coverage_low coverage 0"], [], [], [], ["recovered coverage_low coverage 0"]]);
});

it("does not tell of the end of what is news only once", () => {
  expect(told({ at: 0, found: ["not_moved x"] }, { at: 30, found: [] })).toEqual([
    ["opened not_moved x 0"],
    [],
  ]);
});

it("forgets alerts of rules that a newer Worker had", () => {
  const newer: Standing = {
    ...{ rule: "of_tomorrow", subject: "", text: "", sinceMs: 0, seenMs: 0, id: "1" },
  };
  expect(judge([newer], { findings: [], unknown: [], atMs: 1 })).toEqual({ standing: [], events: [] });
});
