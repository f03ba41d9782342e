import type { Entries } from "../entry.ts";

/** What deserved attention, and what people said of it. */
export const insights: Entries = {
  "reporting.insights": {
    grain: "kind, subject and day",
    caveats: [
      "Leave out those with `withdrawn_at`: they hold no longer. Figures are in `evidence`, units at the end of their names.",
      "Kept from yesterday back; today's are made by the API when asked for. A day without a row in `reporting.insight_days` was never looked at.",
    ],
    questions: [
      {
        question: "What deserved attention yesterday, the gravest first?",
        sql: `select kind, severity, subject_name, driver, title, why
from reporting.insights
where day = (select (now() at time zone zone)::date - 1 from reporting.v_fleet) and withdrawn_at is null
order by array_position(array['high', 'medium', 'low'], severity), kind, subject_name`,
        columns: ["kind", "severity", "subject_name", "driver", "title", "why"],
      },
    ],
  },
  "reporting.insight_kinds": {
    grain: "kind of insight",
    caveats: ["Kinds that are of now are judged for today and yesterday alone."],
    questions: [
      {
        question: "Which kinds of insights are there?",
        sql: "select kind, subject_type, meaning, is_of_now from reporting.insight_kinds order by kind",
        columns: ["kind", "subject_type", "meaning", "is_of_now"],
      },
    ],
  },
  "reporting.insight_days": {
    grain: "day whose insights are kept",
    caveats: ["A day that is missing was not made: no insight of it is not the same as nothing to tell."],
    questions: [
      {
        question: "Of which days of the last 30 are insights kept?",
        sql: `select day, told_at
from reporting.insight_days
where day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet)
order by day`,
        columns: ["day", "told_at"],
      },
    ],
  },
  "reporting.insight_remarks": {
    grain: "remark",
    caveats: ["All that were ever made; of an insight the newest counts: `reporting.v_insight_verdicts`."],
    questions: [
      {
        question: "What did people say of insights in the last 30 days?",
        sql: `select remarked_at, insight_id, verdict, note, until_day
from reporting.insight_remarks
where remarked_at >= now() - interval '30 days'
order by remarked_at desc`,
        columns: ["remarked_at", "insight_id", "verdict", "note", "until_day"],
      },
    ],
  },
  "reporting.v_insight_verdicts": {
    grain: "insight that has a remark",
    caveats: ["Insights that nobody spoke of have no row: they are neither right nor wrong."],
    questions: [
      {
        question: "Which kinds of insights were called wrong most, over the last 30 days?",
        sql: `select kind, count(*) filter (where verdict = 'confirmed') as confirmed, count(*) filter (where verdict = 'explained') as explained,
  count(*) filter (where verdict = 'wrong') as wrong
from reporting.v_insight_verdicts
where day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet)
group by kind
order by wrong desc, kind`,
        columns: ["kind", "confirmed", "explained", "wrong"],
      },
    ],
  },
};
