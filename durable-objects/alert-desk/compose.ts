import type { AlertTarget } from "../../shared/alert-config.ts";
import { toIso } from "../../shared/time.ts";
import { type AlertRule, ruleOf } from "../../workers/alerts/rules.ts";
import type { AlertEvent } from "./standing.ts";

/** A message has room for so many alerts in full; of what is beyond it says how many. */
const MOST_ALERTS = 100;

/** People read so many lines about one thing. */
const MOST_LINES = 10;

/** Longer than what targets take, text by text: Slack cuts at 40,000 characters, Teams refuses 28 KB. */
const MOST_TEXT = 20_000;

/** What the messages of a deployment have in common. */
export interface Deployment {
  environment: string;
  /** Where docs/alerts.md can be read; empty: in the repository. */
  runbookUrl: string;
}

/** Events that a target wants to hear of. */
export const wantedBy = (target: AlertTarget, events: readonly AlertEvent[]): AlertEvent[] =>
  events.filter(
    ({ kind, rule }) =>
      kind === "test" || target.audience === null || ruleOf(rule)?.audience === target.audience,
  );

/** The body of a message to a target, as JSON. The same events make the same body, however often it is sent. */
export function composeBody(
  kind: AlertTarget["kind"],
  events: readonly AlertEvent[],
  deployment: Deployment,
): string {
  if (kind === "webhook") return JSON.stringify(asEvent(events, deployment));
  const text = asText(events, deployment, kind);
  return JSON.stringify(kind === "slack" ? { text } : asCard(text));
}

/** An event of Standard Webhooks. */
function asEvent(events: readonly AlertEvent[], deployment: Deployment) {
  const of = (kind: AlertEvent["kind"]) => events.filter((event) => event.kind === kind);
  const list = (some: AlertEvent[]) =>
    some.slice(0, MOST_ALERTS).map(({ id, rule, subject, text, sinceMs, atMs }) => ({
      ...{ id, rule, subject, text, since: toIso(sinceMs), at: toIso(atMs) },
      severity: ruleOf(rule)?.severity ?? "warning",
      title: titleOf(rule),
      runbook: runbookOf(rule, deployment),
    }));
  const [opened, recovered] = [of("opened"), of("recovered")];
  const isTest = of("test").length > 0 && opened.length + recovered.length === 0;
  return {
    type: isTest ? "alerts.test" : "alerts.changed",
    timestamp: toIso(Math.max(...events.map(({ atMs }) => atMs))),
    data: {
      environment: deployment.environment,
      opened: list(opened),
      openedCount: opened.length,
      recovered: list(recovered),
      recoveredCount: recovered.length,
    },
  };
}

/** For people: a paragraph a rule, what is worst first. */
function asText(events: readonly AlertEvent[], deployment: Deployment, to: "slack" | "teams"): string {
  const bold = (text: string) => (to === "slack" ? `*${text}*` : `**${text}**`);
  const safe = to === "slack" ? forSlack : forTeams;
  const paragraphs = (["opened", "recovered", "test"] as const).flatMap((kind) => {
    const byRule = Map.groupBy(
      events.filter((event) => event.kind === kind),
      ({ rule }) => rule,
    );
    return [...byRule]
      .sort(([one], [other]) => rank(one) - rank(other))
      .map(([rule, some]) => {
        const lines = some.slice(0, MOST_LINES).map(({ text }) => `- ${safe(text)}`);
        const rest = some.length > MOST_LINES ? [`- and ${some.length - MOST_LINES} more`] : [];
        const title = kind === "recovered" ? `Over: ${titleOf(rule)}` : titleOf(rule);
        const help = kind === "opened" ? [`What to do: ${runbookOf(rule, deployment)}`] : [];
        return [bold(safe(title)), ...lines, ...rest, ...help].join("\n");
      });
  });
  const whole = [`${bold(deployment.environment)}: tracksolid-edge`, ...paragraphs].join("\n\n");
  return whole.length <= MOST_TEXT ? whole : `${whole.slice(0, MOST_TEXT).toWellFormed()}…`;
}

const rank = (rule: string) => (ruleOf(rule)?.severity === "critical" ? 0 : 1);

const titleOf = (rule: string): string =>
  (ruleOf(rule) as AlertRule | undefined)?.title ?? "This is a test: nothing is wrong";

const runbookOf = (rule: string, { runbookUrl }: Deployment) =>
  `${runbookUrl === "" ? "docs/alerts.md" : runbookUrl}#${rule}`;

/** As Slack wants it escaped; a plate may hold anything. */
const forSlack = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** So that nothing in it is taken for Markdown. */
const forTeams = (text: string) => text.replace(/[\\`*_[\]()#<>]/g, "\\$&");

/** What webhooks of Teams workflows take. */
const asCard = (text: string) => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: text
          .split("\n\n")
          .map((paragraph) => ({ type: "TextBlock", wrap: true, text: paragraph.replaceAll("\n", "\n\n") })),
      },
    },
  ],
});
