import { durationWords } from "../../shared/text.ts";
import { fine, judged, type Line, marked } from "../api/line.ts";
import type { Status } from "./ask.ts";

const AS_WRITTEN = "en-GB";
const count = (value: number) => value.toLocaleString(AS_WRITTEN);

/** The health of an environment on one screen: what is wrong is marked. */
export function screenOf(status: Status): { text: string; isWell: boolean } {
  const onlyReads = typeof status.alive !== "string" && status.alive.mode === "reader";
  const own = onlyReads
    ? []
    : [books(status), kept(status), ...alerts(status), ...jobs(status), ...degraded(status)];
  const parts = [service(status), database(status), ...own];
  const isWell = parts.every(({ isWrong }) => !isWrong);
  const head = `${status.url} at ${new Date(status.askedAtMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const tail = isWell ? [] : ["", "What to do: docs/runbook.md has a row for each code and symptom."];
  const text = [head, "", ...parts.map(marked), ...tail];
  return { text: text.join("\n"), isWell };
}

function service({ alive }: Status): Line {
  if (typeof alive === "string") return judged(`service   ${alive}`, true);
  const warnings = alive.warnings.map((warning) => `; ${warning.replaceAll("_", " ")}`).join("");
  const mode = alive.mode === "reader" ? ", only reads: jobs and books are the owner's" : "";
  return judged(
    `service   ${alive.environment}, version ${alive.version}${mode}${warnings}`,
    warnings !== "",
  );
}

function database({ ready }: Status): Line {
  if (typeof ready === "string") return judged(`database  ${ready}`, true);
  const { database, backlog } = ready;
  const isUp = database === "ok";
  return judged(`database  ${isUp ? "answers" : "does not answer"}; ${waiting(backlog)}`, !isUp);
}

function waiting(backlog: { messages: number; oldestAgeS: number | null } | null): string {
  if (backlog === null) return "the queue does not say what waits";
  if (backlog.messages === 0) return "nothing waits for the writer";
  const oldest = backlog.oldestAgeS === null ? "" : `, the oldest ${durationWords(backlog.oldestAgeS)}`;
  return `${count(backlog.messages)} messages wait for the writer${oldest}`;
}

function books({ ledger }: Status): Line {
  if (typeof ledger === "string") return judged(`books     ${ledger}`, true);
  const { received, delivered, pending, missing, balanced } = ledger;
  const sum =
    `books     of 24 h: ${count(received.items)} items received, ${count(delivered.written)} written, ` +
    `${count(delivered.duplicate)} known before, ${count(delivered.rejected)} rejected, ${count(pending.items)} under way; `;
  if (balanced) return fine(`${sum}balanced`);
  return missing.messages + missing.items > 0
    ? judged(`${sum}${count(missing.messages)} messages, ${count(missing.items)} items are missing`, true)
    : judged(`${sum}the sums do not agree`, true);
}

/** A line each; of many alike the first tells. */
const MOST_ALERTS = 8;

function alerts({ alerts: told }: Status): Line[] {
  if (typeof told === "string") return [judged(`alerts    ${told}`, true)];
  const { alerts, targets } = told;
  const lines = alerts
    .slice(0, MOST_ALERTS)
    .map(({ title, text, rule }) =>
      judged(`alert     ${oneLine(`${title}: ${text}`)} (docs/alerts.md#${rule})`, true),
    );
  const more = alerts.length - lines.length;
  const deaf = targets
    .filter(({ failures }) => failures > 0)
    .map(({ kind, host, failures, reason }) =>
      judged(
        `alerts    ${kind} at ${host} did not take the last ${count(failures)}: ${reason ?? "no reason"}`,
        true,
      ),
    );
  const who = targets.length === 0 ? "nobody is told" : `${count(targets.length)} are told`;
  const sum = alerts.length === 0 ? "none" : `${count(alerts.length)}`;
  return [
    fine(`alerts    ${sum}; ${who}`),
    ...lines,
    ...(more > 0 ? [judged(`alert     and ${count(more)} more: GET /v1/alerts`, true)] : []),
    ...deaf,
  ];
}

/** However long ago it came. */
function kept({ parked, deadLetters }: Status): Line {
  const of = (told: Status["parked"], what: string): Line => {
    if (typeof told === "string") return judged(told, true);
    const items = told.objects.reduce((sum, object) => sum + object.items, 0);
    return judged(
      `${count(items)}${told.next === null ? "" : " and more"} items ${what}`,
      told.objects.length > 0,
    );
  };
  const both = [of(parked, "parked"), of(deadLetters, "dead")];
  // Refused for the same reason, they say so once.
  const texts = new Set(both.map(({ text }) => text.replace(/ \(request .*\)$/, "")));
  return judged(
    `kept      ${[...texts].join(", ")}`,
    both.some(({ isWrong }) => isWrong),
  );
}

function jobs({ jobs, askedAtMs }: Status): Line[] {
  if (typeof jobs === "string") return [judged(`jobs      ${jobs}`, true)];
  const troubled = jobs.jobs.filter(({ status }) => status !== "ok");
  const rest = jobs.jobs.filter(({ status }) => status === "ok");
  const width = Math.max(...jobs.jobs.map(({ job }) => job.length), 3);
  const row = (job: string, last: string, next: string, waiting: string, state: string) =>
    `${job.padEnd(width)}  ${last.padEnd(13)}  ${next.padEnd(9)}  ${waiting.padStart(7)}  ${state}`;
  return [
    fine(""),
    fine(row("job", "last success", "next", "windows", "state")),
    ...[...troubled, ...rest].map(
      ({ job, status, off, lastSuccessAt, nextDueAt, errorCode, error, depth }) => {
        const last =
          lastSuccessAt === null
            ? "never"
            : `${durationWords((askedAtMs - Date.parse(lastSuccessAt)) / 1_000)} ago`;
        const next = `in ${durationWords(Math.max(0, Date.parse(nextDueAt) - askedAtMs) / 1_000)}`;
        const waiting = depth === null ? "" : count(depth.waiting + depth.withQueue + depth.underWay);
        const state = [off ? "off" : status, errorCode, error].filter((word) => word !== null).join(": ");
        return judged(row(job, off ? "" : last, off ? "" : next, waiting, oneLine(state)), status !== "ok");
      },
    ),
  ];
}

function degraded({ ingest, ready }: Status): Line[] {
  if (typeof ingest !== "string") return ingest.degraded.map((words) => judged(oneLine(words), true));
  // That the database is away is said above.
  const isKnown = typeof ready !== "string" && ready.database === "down";
  return isKnown ? [] : [judged(`health    ${oneLine(ingest)}`, true)];
}

/** An error may be several lines of somebody's log. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 300);
