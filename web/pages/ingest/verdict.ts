import { age, count } from "../../parts/format.ts";
import { time } from "../../parts/time.ts";
import type { Answers } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { figureOf, type Now, samplesOf } from "./now.ts";
import { linkTo } from "./views.ts";

/** What an operator has to know of. */
export interface Finding {
  key: string;
  severity: "critical" | "warning" | "unknown";
  title: string;
  /** More of it; text of others. */
  text: string;
  since: string | null;
  /** Where to look. */
  href: string | null;
  /** Of vehicles, not of the system: it comes after what is. */
  isOfFleet?: boolean;
}

export interface Verdict {
  tone: "ok" | "warn" | "bad" | "unknown" | "asking";
  findings: Finding[];
}

type Alert = Answers["Alerts"]["alerts"][number];

/** The canary pushes every minute. */
const CANARY_QUIET_MS = 5 * 60_000;
/** Rules are looked at every five minutes. */
const RULES_OLD_MS = 15 * 60_000;
/** Alerts of one rule that are told one by one. */
const APART = 3;
/** As the rule `backlog_old`, which takes longer to tell. */
const BACKLOG_OLD_S = 600;

/** What is wrong: the alerts that stand, and what they do not say yet. */
export function judge(now: Now, nowMs: number): Verdict {
  const findings = [
    ...ofAlerts(now),
    ...ofJobs(now, nowMs),
    ...ofCanary(now, nowMs),
    ...ofMetrics(now, nowMs),
    ...ofSources(now),
  ];
  findings.sort((one, other) => rankOf(one) - rankOf(other));
  const asked = now.isAdmin ? [now.alerts, now.jobs, now.metrics, now.slo] : [now.slo];
  const isAsking = now.isAdmin === null || asked.some(({ data, error }) => data === null && error === null);
  const [worst] = findings;
  if (worst === undefined) return { tone: isAsking ? "asking" : toneOfNothing(now), findings };
  return { tone: TONES[worst.severity], findings };
}

/** Who sees the canary alone knows nothing where there is none. */
const toneOfNothing = ({ isAdmin, slo }: Now) => (isAdmin || slo.data?.newest ? "ok" : "unknown");

const ORDER = { critical: 0, warning: 1, unknown: 2 };
const rankOf = ({ severity, isOfFleet = false }: Finding) => ORDER[severity] + (isOfFleet ? 0.5 : 0);
const TONES = { critical: "bad", warning: "warn", unknown: "unknown" } as const;

const has = ({ data }: Now["alerts"], rule: string, subject?: string): boolean =>
  data?.alerts.some((alert) => alert.rule === rule && (subject === undefined || alert.subject === subject)) ??
  false;

function ofAlerts({ alerts: { data } }: Now): Finding[] {
  if (data === null) return [];
  const targets = data.targets.filter(({ failures }) => failures > 0);
  return [
    ...[...new Set(data.alerts.map(({ rule }) => rule))].flatMap((rule) =>
      apart(data.alerts.filter((alert) => alert.rule === rule)),
    ),
    ...targets.map(({ kind, host, failures, reason }, at) => ({
      key: `target ${at} ${host}`,
      severity: "warning" as const,
      title: ingest.verdict.targetFails(`${kind} ${host}`),
      text: ingest.verdict.targetText(failures, reason ?? ""),
      since: null,
      href: linkTo("jobs"),
    })),
  ];
}

const alone = (alert: Alert): Finding => ({
  key: alert.id,
  severity: alert.severity,
  title: alert.title,
  text: alert.text,
  since: alert.since,
  href: placeOf(alert),
  isOfFleet: alert.audience === "fleet",
});

/** Alerts of one rule, oldest first: hundreds of vehicles that have not moved are one line. */
function apart(alike: Alert[]): Finding[] {
  const [oldest] = alike;
  if (oldest === undefined || alike.length <= APART) return alike.map(alone);
  const texts = alike.slice(0, APART).map(({ text }) => text);
  return [
    {
      ...alone(oldest),
      key: `rule ${oldest.rule}`,
      title: ingest.verdict.many(oldest.title, count(alike.length)),
      text: ingest.verdict.first(texts.join(", ")),
      href: linkTo("jobs"),
    },
  ];
}

/** Where more is to be seen of an alert. */
function placeOf({ rule, subject }: Alert): string | null {
  switch (rule) {
    case "ingest_late":
      return linkTo("jobs", { job: subject });
    case "rejections":
    case "parked_messages":
    case "dead_letters":
      return linkTo("kept");
    case "ledger_unbalanced":
    case "backlog_old":
    case "breaker_open":
    case "token_failing":
      return linkTo("flow");
    case "coverage_low":
      return "/coverage";
    default:
      return null;
  }
}

function ofJobs({ jobs: { data }, alerts }: Now, nowMs: number): Finding[] {
  const { jobFailing, jobLate, jobsLate, lateText, neverText } = ingest.verdict;
  const unwell = (data?.jobs ?? []).filter(
    ({ job, status }) => status !== "ok" && !has(alerts, "ingest_late", job),
  );
  const finding = { severity: "warning" as const, since: null };
  const failing = unwell
    .filter(({ status }) => status === "failing")
    .map(({ job, error, errorCode }) => ({
      ...finding,
      key: `job ${job}`,
      title: jobFailing(job),
      text: error ?? errorCode ?? "",
      href: linkTo("jobs", { job }),
    }));
  const late = unwell.filter(({ status }) => status === "late");
  const [first, ...others] = late;
  if (first === undefined) return failing;
  // After a bad hour all of them are: one line says so.
  const isOne = others.length === 0;
  const ago = first.lastSuccessAt === null ? neverText : lateText(age(first.lastSuccessAt, nowMs));
  return [
    ...failing,
    {
      ...finding,
      key: "late",
      title: isOne ? jobLate(first.job) : jobsLate(late.length),
      text: isOne ? ago : late.map(({ job }) => job).join(", "),
      href: isOne ? linkTo("jobs", { job: first.job }) : linkTo("jobs", { sort: "state" }),
    },
  ];
}

function ofCanary({ slo: { data }, alerts }: Now, nowMs: number): Finding[] {
  const newest = data?.newest ?? null;
  if (newest === null || has(alerts, "canary_silent")) return [];
  const isQuiet = nowMs - Date.parse(newest.at) > CANARY_QUIET_MS;
  if (!isQuiet && newest.mapS !== null) return [];
  return [
    {
      key: "canary",
      severity: "warning",
      title: isQuiet ? ingest.verdict.canaryQuiet : ingest.verdict.canaryLost,
      text: ingest.verdict.canaryAt(time(newest.at), age(newest.at, nowMs)),
      since: null,
      href: null,
    },
  ];
}

function ofMetrics({ metrics: { data }, alerts }: Now, nowMs: number): Finding[] {
  const findings: Finding[] = samplesOf(data, "up")
    .filter(({ value }) => value === 0)
    .map(({ labels: { part = "" } }) => ({
      key: `part ${part}`,
      severity: part === "database" ? "critical" : "warning",
      title: ingest.verdict.partDown(ingest.verdict.parts[part] ?? part),
      text: "",
      since: null,
      href: linkTo("flow"),
    }));
  const oldestS = figureOf(data, "queue_oldest_age_seconds") ?? 0;
  if (oldestS > BACKLOG_OLD_S && !has(alerts, "backlog_old")) {
    const messages = count(figureOf(data, "queue_backlog_messages"));
    findings.push({
      key: "backlog",
      severity: "warning",
      title: ingest.verdict.backlog,
      text: ingest.verdict.backlogText(messages, age(nowMs - oldestS * 1000, nowMs)),
      since: null,
      href: linkTo("flow"),
    });
  }
  const evaluatedAt = alerts.data?.evaluatedAt ?? null;
  if (evaluatedAt !== null && nowMs - Date.parse(evaluatedAt) > RULES_OLD_MS) {
    findings.push({
      key: "rules",
      severity: "warning",
      title: ingest.verdict.alertsOld,
      text: ingest.verdict.looked(time(evaluatedAt), age(evaluatedAt, nowMs)),
      since: null,
      href: linkTo("jobs", { job: "alerts" }),
    });
  }
  return findings;
}

/** What could not be asked is not well: nobody knows. */
function ofSources({ alerts, jobs, metrics, slo }: Now): Finding[] {
  const { sources, notAsked } = ingest.verdict;
  return Object.entries({ alerts, jobs, metrics, slo }).flatMap(([name, { error }]) =>
    error === null
      ? []
      : [
          {
            key: `source ${name}`,
            severity: "unknown" as const,
            title: notAsked(sources[name as keyof typeof sources]),
            text: error.detail || error.title,
            since: null,
            href: null,
          },
        ],
  );
}
