/** Who is to hear of it: who runs the system, or who sends the vehicles. */
export const AUDIENCES = ["operations", "fleet"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** When something is told. What each means and what to do about it is a row of docs/alerts.md, by the rule's name. */
export interface AlertRule {
  title: string;
  audience: Audience;
  severity: "critical" | "warning";
  /** What passes by itself is told only when it has been so for that long. */
  afterS: number;
  /** Whether it is told that it is over. */
  recovers: boolean;
}

const MINUTE_S = 60;

const operations = { audience: "operations", severity: "critical", afterS: 0, recovers: true } as const;
const fleet = { audience: "fleet", severity: "warning", afterS: 0, recovers: false } as const;

/** Everything that is told. */
export const ALERT_RULES = {
  database_down: { ...operations, title: "The database does not answer" },
  ingest_late: { ...operations, title: "A job is late or failing", afterS: 5 * MINUTE_S },
  backlog_old: { ...operations, title: "Messages wait too long for the writer", afterS: 5 * MINUTE_S },
  token_failing: { ...operations, title: "Tracksolid does not let us in" },
  breaker_open: {
    ...operations,
    title: "Tracksolid wants to be left alone",
    severity: "warning",
    afterS: 10 * MINUTE_S,
  },
  parked_messages: {
    ...operations,
    title: "Messages are parked",
    severity: "warning",
    afterS: 15 * MINUTE_S,
  },
  dead_letters: { ...operations, title: "Messages are dead letters" },
  rejections: { ...operations, title: "Items are rejected", severity: "warning" },
  ledger_unbalanced: { ...operations, title: "The ledger does not balance" },
  coverage_low: { ...operations, title: "Tracks have holes", severity: "warning" },
  recompute_behind: { ...operations, title: "Reports lag behind the facts", afterS: 30 * MINUTE_S },
  connections: { ...operations, title: "Connections to the database run out", severity: "warning" },
  timescale_job: { ...operations, title: "A job of TimescaleDB fails", severity: "warning" },
  unknown_pushes: {
    ...operations,
    title: "The vendor sends what nobody reads yet",
    severity: "warning",
    recovers: false,
  },
  canary_silent: { ...operations, title: "The canary does not reach the map", afterS: 5 * MINUTE_S },
  backup_missing: { ...operations, title: "There is no fresh backup", severity: "warning" },
  backup_unverified: { ...operations, title: "Backups are not known to be whole", severity: "warning" },
  not_moved: { ...fleet, title: "Vehicles have not moved yet" },
  driver_late: { ...fleet, title: "Drivers began late" },
  outside_city: { ...fleet, title: "Vehicles are outside their city", recovers: true },
} as const satisfies Record<string, AlertRule>;

export type AlertRuleName = keyof typeof ALERT_RULES;

/** The rule of a name; undefined where a newer Worker knew it. */
export const ruleOf = (name: string): AlertRule | undefined =>
  Object.hasOwn(ALERT_RULES, name) ? ALERT_RULES[name as AlertRuleName] : undefined;

/** Something that is to be told of. */
export interface Finding {
  rule: AlertRuleName;
  /** Of which: a job, a vehicle; empty where there is only one. The same rule and subject is the same alert. */
  subject: string;
  /** What is so, in words, without the rule's title. */
  text: string;
}
