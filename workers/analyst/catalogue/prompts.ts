import type { Question } from "./entry.ts";
import { entries } from "./examples.ts";

/** A question that people ask again and again, with where to begin. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
  messages(asked: Record<string, string | undefined>): { role: "user"; text: string }[];
}

/** What a prompt is made of. */
interface Plan {
  name: string;
  title: string;
  question: string;
  /** Entries to read, the first with the SQL to begin with. */
  objects: readonly [first: string, ...others: string[]];
  /** What makes the answer right. */
  advice: string;
}

const PLANS: readonly Plan[] = [
  {
    name: "who_is_where_now",
    title: "Who is where now?",
    question: "Who is where now?",
    objects: ["reporting.fn_live_positions", "reporting.fn_inside_geofences"],
    advice:
      "Begin with the tool fleet_now for the whole. Say how old each place is: `fix_at` for where it is, `contact_at` for whether it is heard of.",
  },
  {
    name: "least_used_last_week",
    title: "Which vehicles were least used last week?",
    question: "Which vehicles were least used in the last seven days?",
    objects: ["reporting.v_utilisation_daily", "reporting.v_vehicles"],
    advice:
      "Tell vehicles that stood from those of which little is known: `days_known` of seven. Today is left out, as it is not over.",
  },
  {
    name: "late_this_month",
    title: "Which drivers were late this month?",
    question: "Which drivers were late this month, and by how much?",
    objects: ["reporting.v_driver_clock_daily", "tracksolid.shifts"],
    advice:
      "Days without a shift, free days and days without a move cannot be judged: say on how many days each figure rests. For today ask `reporting.fn_driver_clock_today(now())`.",
  },
  {
    name: "where_did_fuel_go",
    title: "Where did fuel go?",
    question: "Where did fuel go in the last 30 days: drains, refills, cost per km?",
    objects: ["reporting.v_fuel_daily", "reporting.v_fuel_events", "reporting.v_fuel_fills"],
    advice:
      "Keep reported, estimated and bought litres apart. Name drains with their confidence and doubts, as questions to ask and not as verdicts.",
  },
  {
    name: "resolved_without_visit",
    title: "Which tickets were resolved without a visit?",
    question: "Which tickets of the last seven days were resolved without a visit of their vehicle?",
    objects: ["reporting.fn_ticket_visits", "reporting.v_tickets"],
    advice:
      "Only `visited = false` says that nobody came. Count those that cannot be judged apart, by `outcome`. Ask for some weeks at most.",
  },
];

const CITY = {
  name: "city",
  description: "Only vehicles of this home city; leave out for all",
  required: false,
};

const questionsOf = (object: string): readonly Question[] => entries[object]?.questions ?? [];

function textOf({ question, objects, advice }: Plan, city: string | undefined): string {
  const [object] = objects;
  return [
    city === undefined
      ? question
      : `${question} Only of vehicles whose city is ${JSON.stringify(city)}; vocabulary://fleet has how cities are written.`,
    "",
    `Read ${objects.map((name) => `catalogue://${name.replace(".", "/")}`).join(", ")} first. Then begin with this SQL, of ${object}:`,
    ...questionsOf(object).flatMap(({ sql }) => ["", "```sql", sql, "```"]),
    "",
    advice,
    "Days are those of the fleet's zone (reporting.v_fleet.zone); times in answers are UTC: show them in that zone. Null is unknown, never zero. Give every figure its unit.",
  ].join("\n");
}

/** The five commonest questions. */
export const prompts: readonly Prompt[] = PLANS.map((plan) => ({
  name: plan.name,
  title: plan.title,
  description: plan.question,
  arguments: [CITY],
  messages: ({ city }) => [{ role: "user", text: textOf(plan, city) }],
}));
