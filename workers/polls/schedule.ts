import { type JobSwitch, jobSwitchConfig } from "../../shared/config.ts";

/** When a job runs. */
export interface Cadence {
  /** Cron Trigger expression, as in `wrangler.toml`. */
  cron: string;
  everyS: number;
  /** No retry is begun later than this after the tick. */
  deadlineS: number;
  /** The variable that must be "on": it is off unless somebody wants it, and then runs on request only. */
  switchedBy?: JobSwitch;
}

/** What runs when, by the name that `ingestion_log.endpoint` and health show. A test compares it with `wrangler.toml`. */
export const schedule = {
  live: { cron: "* * * * *", everyS: 60, deadlineS: 45 },
  derive: { cron: "* * * * *", everyS: 60, deadlineS: 45 },
  parked: { cron: "* * * * *", everyS: 60, deadlineS: 45 },
  // What takes longer is not good any more (settings.doorToMapObjectiveMs).
  canary: { cron: "* * * * *", everyS: 60, deadlineS: 30, switchedBy: "CANARY" },
  alerts: { cron: "*/5 * * * *", everyS: 300, deadlineS: 60 },
  alarms: { cron: "*/5 * * * *", everyS: 300, deadlineS: 60 },
  trips: { cron: "*/15 * * * *", everyS: 900, deadlineS: 60 },
  parking: { cron: "*/15 * * * *", everyS: 900, deadlineS: 60 },
  tracks: { cron: "*/30 * * * *", everyS: 1_800, deadlineS: 60 },
  // This fleet's readings are pushed: whoever polls them too has each once.
  obd: { cron: "*/30 * * * *", everyS: 1_800, deadlineS: 60, switchedBy: "POLL_OBD" },
  "left-out": { cron: "*/10 * * * *", everyS: 600, deadlineS: 300 },
  ledger: { cron: "*/10 * * * *", everyS: 600, deadlineS: 120 },
  addresses: { cron: "*/10 * * * *", everyS: 600, deadlineS: 120 },
  // A fresh install shows roads within minutes of the first fixes.
  roads: { cron: "*/10 * * * *", everyS: 600, deadlineS: 120 },
  coverage: { cron: "37 * * * *", everyS: 3_600, deadlineS: 120 },
  // Soon after midnight wherever the fleet is; what comes later is seen an hour later.
  insights: { cron: "37 * * * *", everyS: 3_600, deadlineS: 120 },
  "second-look": { cron: "30 0 * * *", everyS: 86_400, deadlineS: 120 },
  devices: { cron: "7 * * * *", everyS: 3_600, deadlineS: 600 },
  // 02:30 where the fleet is, the hour at which nobody drives and nobody looks.
  housekeeping: { cron: "30 23 * * *", everyS: 86_400, deadlineS: 600 },
} as const satisfies Record<string, Cadence>;

export type JobName = keyof typeof schedule;

/** Whether there is a job of a name. */
export function isJob(name: string): name is JobName {
  return Object.hasOwn(schedule, name);
}

/** The jobs of an expression. */
export function jobsAt(cron: string): JobName[] {
  return (Object.keys(schedule) as JobName[]).filter((name) => schedule[name].cron === cron);
}

/** Whether the ticks of a job do nothing here. */
export function isOff(env: object, name: JobName): boolean {
  const { switchedBy }: Cadence = schedule[name];
  return switchedBy !== undefined && jobSwitchConfig(env)[switchedBy] === "off";
}
