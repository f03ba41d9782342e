import { newId } from "../../shared/ids.ts";
import { type Finding, ruleOf } from "../../workers/alerts/rules.ts";

/** What was found the last time, as it is stored. */
export interface Standing {
  rule: string;
  subject: string;
  text: string;
  /** When it was first and last found, ms. */
  sinceMs: number;
  seenMs: number;
  /** Of the alert, once it was told. */
  id: string | null;
}

/** News for somebody. */
export interface AlertEvent {
  kind: "opened" | "recovered" | "test";
  id: string;
  rule: string;
  subject: string;
  text: string;
  sinceMs: number;
  atMs: number;
}

/** What an evaluation found. */
export interface Evaluation {
  findings: Finding[];
  /** Rules of which nothing is known: they neither begin nor end. */
  unknown: readonly string[];
  atMs: number;
}

/** Two evaluations: what comes back meanwhile was never over. */
const OVER_AFTER_MS = 9 * 60_000;

/** What stands after an evaluation, and what of it is news. */
export function judge(
  before: readonly Standing[],
  { findings, unknown, atMs }: Evaluation,
): { standing: Standing[]; events: AlertEvent[] } {
  const events: AlertEvent[] = [];
  const known = new Map(before.map((one) => [keyOf(one), one]));
  const found = new Map(findings.map((one) => [keyOf(one), one]));
  const standing: Standing[] = [];
  for (const [key, { rule, subject, text }] of found) {
    const one: Standing = { sinceMs: atMs, id: null, ...known.get(key), rule, subject, text, seenMs: atMs };
    const afterMs = (ruleOf(rule)?.afterS ?? 0) * 1_000;
    if (one.id === null && atMs - one.sinceMs >= afterMs) {
      one.id = newId();
      events.push(eventOf("opened", one, one.id, atMs));
    }
    standing.push(one);
  }
  for (const [key, one] of known) {
    const rule = ruleOf(one.rule);
    // Of a newer Worker, which is gone.
    if (found.has(key) || rule === undefined) continue;
    const mayComeBack = one.id !== null && atMs - one.seenMs < OVER_AFTER_MS;
    if (unknown.includes(one.rule) || mayComeBack) standing.push(one);
    else if (one.id !== null && rule.recovers) events.push(eventOf("recovered", one, one.id, atMs));
  }
  return { standing, events };
}

const eventOf = (
  kind: AlertEvent["kind"],
  { rule, subject, text, sinceMs }: Standing,
  id: string,
  atMs: number,
): AlertEvent => ({ kind, id, rule, subject, text, sinceMs, atMs });

const keyOf = ({ rule, subject }: { rule: string; subject: string }) => `${rule} ${subject}`;
