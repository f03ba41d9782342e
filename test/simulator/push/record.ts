import type { Body } from "./bodies.ts";
import type { Outcome } from "./deliver.ts";
import { FACT_LISTS, type FactList } from "./message.ts";

const REFUSALS_KEPT = 50;

export interface Totals {
  /** Different bodies; one that was sent twice on purpose counts once here and once in `duplicates`. */
  bodies: number;
  duplicates: number;
  /** Requests made, duplicates and repetitions included. */
  tries: number;
  /** Items, broken ones included; those of duplicates are not counted again. */
  items: number;
  broken: number;
  accepted: number;
  lost: number;
}

export interface Refusal {
  /** ISO 8601, real time. */
  at: string;
  kind: string;
  tries: number;
  status: number;
  text: string;
}

/** Totals by the name of the kind, for some of the pushes. */
export type Tally = Record<string, Totals>;

/** What a world pushed and what became of it. */
export interface PushRecord {
  tally: Tally;
  /** The latest bodies that were not accepted at once, with the last answer to them. */
  refusals(): Refusal[];
  /** The distinct facts that were accepted. */
  truth(): Record<FactList, unknown[]>;
  /** @param outcomes one, or two of a body that was sent twice; @param into a further tally to count in */
  add(body: Body, outcomes: Outcome[], into: Tally): void;
  clear(): void;
}

export const noTotals = (): Totals => ({
  bodies: 0,
  duplicates: 0,
  tries: 0,
  items: 0,
  broken: 0,
  accepted: 0,
  lost: 0,
});

export function createPushRecord(): PushRecord {
  /** Keyed by their own JSON, by list. */
  const facts = new Map<FactList, Map<string, unknown>>(FACT_LISTS.map((list) => [list, new Map()]));
  let refusals: Refusal[] = [];
  const record: PushRecord = {
    tally: {},
    refusals: () => refusals,
    truth: () =>
      Object.fromEntries([...facts].map(([list, known]) => [list, [...known.values()]])) as Record<
        FactList,
        unknown[]
      >,
    add: (body, outcomes, into) => {
      const accepted = outcomes.some((outcome) => outcome.accepted);
      for (const tally of [record.tally, into]) count(tally, body, outcomes, accepted);
      for (const { refusal, tries } of outcomes) {
        if (refusal === undefined) continue;
        refusals.push({ at: new Date().toISOString(), kind: body.kind.name, tries, ...refusal });
      }
      refusals = refusals.slice(-REFUSALS_KEPT);
      if (!accepted) return;
      for (const { list, fact } of body.messages) facts.get(list)?.set(JSON.stringify(fact), fact);
    },
    clear: () => {
      record.tally = {};
      refusals = [];
      for (const known of facts.values()) known.clear();
    },
  };
  return record;
}

function count(tally: Tally, body: Body, outcomes: Outcome[], accepted: boolean): void {
  tally[body.kind.name] ??= noTotals();
  const totals = tally[body.kind.name] as Totals;
  totals.bodies++;
  totals.duplicates += outcomes.length - 1;
  totals.tries += outcomes.reduce((sum, { tries }) => sum + tries, 0);
  totals.items += body.items;
  totals.broken += body.items - body.messages.length;
  totals[accepted ? "accepted" : "lost"] += body.items;
}
