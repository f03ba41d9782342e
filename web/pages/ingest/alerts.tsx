import { useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { Badge } from "../../parts/badge.tsx";
import { age } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import type { Answer } from "../../shell/answer.ts";
import { type Answers, send } from "../../shell/api.ts";
import { nowSlow } from "../../shell/clock.ts";
import { ingest } from "../../texts/ingest.ts";
import { visible } from "./raw.tsx";

type Alert = Answers["Alerts"]["alerts"][number];
type Target = Answers["Alerts"]["targets"][number];

const words = ingest.alerts;

/** The alerts that stand, with who was told, and how those who are told take it. */
export function Alerts({ of }: { of: Answer<Answers["Alerts"]> }) {
  return (
    <section class="card" aria-labelledby="alerts-title">
      <header class="card-head">
        <h2 id="alerts-title">{words.title}</h2>
        <TestAlert onDone={of.reload} />
      </header>
      <Answered of={of} minHeightPx={160}>
        {({ alerts, targets }) => (
          <div class="stack">
            {alerts.length === 0 ? (
              <p>
                <Badge tone="ok">{words.none}</Badge>
              </p>
            ) : (
              <List alerts={alerts} targets={targets} />
            )}
            <h3>{words.targets}</h3>
            {targets.length === 0 ? <p class="soft">{words.noTargets}</p> : <Targets of={targets} />}
          </div>
        )}
      </Answered>
    </section>
  );
}

/** As many as are read at once: a fleet may have hundreds. */
const STEP = 20;

function List({ alerts, targets }: { alerts: Alert[]; targets: Target[] }) {
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <ul class="entries">
        {alerts.slice(0, shown).map((alert) => (
          <Entry key={alert.id} alert={alert} targets={targets} />
        ))}
      </ul>
      {alerts.length > shown && (
        <button type="button" class="button" onClick={() => setShown(shown * 4)}>
          {ingest.more}
        </button>
      )}
    </>
  );
}

function Entry({ alert, targets }: { alert: Alert; targets: Target[] }) {
  const { rule, subject, title, text, severity, since } = alert;
  const isCritical = severity === "critical";
  return (
    <li>
      <p class="row">
        <Badge tone={isCritical ? "bad" : "warn"}>
          {isCritical ? ingest.verdict.critical1 : ingest.verdict.warning1}
        </Badge>
        <strong>{title}</strong>
        <code class="soft">{[rule, subject].filter(Boolean).join(" ")}</code>
      </p>
      <p>{visible(text)}</p>
      <p class="soft small">
        {dateTime(since)}, {ingest.verdict.since(age(since, nowSlow.value))} · {words.told}:{" "}
        {toldOf(alert, targets)}
      </p>
    </li>
  );
}

/** Who hears of an alert, and who has not taken it yet. */
function toldOf({ audience }: Alert, targets: Target[]): string {
  if (targets.length === 0) return words.nobody;
  const hearing = targets.filter((target) => target.audience === null || target.audience === audience);
  if (hearing.length === 0) return words.nobodyHears;
  return hearing
    .map(({ kind, host, waiting }) => `${kind} ${host}${waiting > 0 ? ` (${words.waiting(waiting)})` : ""}`)
    .join(", ");
}

function Targets({ of }: { of: Target[] }) {
  return (
    <ul class="entries">
      {of.map(({ kind, host, audience, waiting, failures, reason }, at) => (
        // Two may have one host.
        <li key={at}>
          <p class="row">
            <Badge tone={failures > 0 ? "bad" : "ok"}>
              {failures > 0 ? words.fails(failures) : words.fine}
            </Badge>
            <strong>
              {kind} {host}
            </strong>
            <span class="soft">
              {words.audience} {words.audiences[audience ?? "all"]}
            </span>
            {waiting > 0 && <span>{words.waiting(waiting)}</span>}
          </p>
          {reason && <p class="soft small">{visible(reason)}</p>}
        </li>
      ))}
    </ul>
  );
}

function TestAlert({ onDone }: { onDone: () => void }) {
  async function test() {
    const { targets, errorReport, errorReportReason } = await send<Answers["AlertsTest"]>(
      "POST",
      "/v1/alerts/test",
    );
    const taken = targets.filter(({ failures }) => failures === 0).length;
    const told =
      targets.length === 0
        ? words.testNobody
        : taken === targets.length
          ? words.testDone(taken)
          : words.testSome(taken, targets.length);
    return (
      <div class="stack">
        <p>{told}</p>
        <Targets of={targets} />
        <p>{[words.reports[errorReport], errorReportReason].filter(Boolean).join(": ")}</p>
      </div>
    );
  }
  return (
    <ActionButton
      scope="admin"
      label={words.test}
      title={words.testTitle}
      explain={<p>{words.testExplain}</p>}
      run={test}
      onDone={onDone}
    />
  );
}
