import { useState } from "preact/hooks";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { age } from "../../parts/format.ts";
import { time } from "../../parts/time.ts";
import { nowSlow } from "../../shell/clock.ts";
import { ingest } from "../../texts/ingest.ts";
import type { Now } from "./now.ts";
import { visible } from "./raw.tsx";
import { type Finding, judge, type Verdict } from "./verdict.ts";
import { viewOf } from "./views.ts";

/** The rest of a bad night is one button away; less of it stands over the parts that were gone to. */
const SHOWN = 5;
const SHOWN_ELSEWHERE = 2;

const MARKS: Record<Verdict["tone"], string> = {
  ok: "M9 20.500 17 28 31 12",
  warn: "M20 7 35 33H5ZM20 16v8M20 28v1",
  bad: "M11 11 29 29M29 11 11 29",
  unknown: "M14 15a6 6 0 1 1 8 6c-1.500.700-2 1.500-2 3.500M20 30v.500",
  asking: "M10 20h.5M20 20h.5M30 20h.5",
};

/** What is wrong now, in one glance. */
export function VerdictCard({ now }: { now: Now }) {
  const nowMs = nowSlow.value;
  const verdict = judge(now, nowMs);
  const { tone, findings } = verdict;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? findings : findings.slice(0, viewOf() === "jobs" ? SHOWN : SHOWN_ELSEWHERE);
  return (
    <section class="card verdict" data-tone={tone} aria-labelledby="verdict-title">
      <svg class="verdict-mark" viewBox="0 0 40 40" aria-hidden="true">
        <path d={MARKS[tone]} />
      </svg>
      <div class="verdict-words">
        {/* Heard when it changes, not every time it is looked at. */}
        <div role="status">
          <h2 id="verdict-title">{titleOf(now, verdict)}</h2>
        </div>
        <p class="soft small">{hintOf(now, verdict, nowMs)}</p>
      </div>
      {findings.length > 0 && (
        <ul class="findings">
          {shown.map((finding) => (
            <Line key={finding.key} finding={finding} nowMs={nowMs} />
          ))}
          {findings.length > shown.length && (
            <li>
              <button type="button" class="button plain" onClick={() => setAll(true)}>
                {ingest.verdict.more(findings.length - shown.length)}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

const TONES: Record<Finding["severity"], Tone> = { critical: "bad", warning: "warn", unknown: "muted" };

function Line({ finding, nowMs }: { finding: Finding; nowMs: number }) {
  const { severity, title, text, since, href } = finding;
  const words = {
    critical: ingest.verdict.critical1,
    warning: ingest.verdict.warning1,
    unknown: ingest.verdict.unknown1,
  };
  return (
    <li>
      <Badge tone={TONES[severity]}>{words[severity]}</Badge>
      <p>
        {href ? <a href={href}>{title}</a> : <strong>{title}</strong>}
        {text && <span class="finding-text">: {visible(text)}</span>}
      </p>
      <span class="soft small figures">{since && ingest.verdict.since(age(since, nowMs))}</span>
    </li>
  );
}

function titleOf({ isAdmin }: Now, { tone, findings }: Verdict): string {
  const { critical, warnings, unknown, asking, good, goodPart } = ingest.verdict;
  const of = (severity: Finding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).length;
  switch (tone) {
    case "bad":
      return critical(of("critical"));
    case "warn":
      return warnings(of("warning"));
    case "unknown":
      return unknown;
    case "asking":
      return asking;
    case "ok":
      return isAdmin ? good : goodPart;
  }
}

function hintOf(now: Now, { tone }: Verdict, nowMs: number): string {
  const { partHint, noPart, goodHint, goodNoCanary, looked, neverLooked } = ingest.verdict;
  if (now.isAdmin === false) return now.slo.data?.newest === null ? noPart : partHint;
  const data = now.alerts.data;
  if (data === null) return "";
  const { evaluatedAt } = data;
  const when = evaluatedAt === null ? neverLooked : looked(time(evaluatedAt), age(evaluatedAt, nowMs));
  if (tone !== "ok") return `${when}.`;
  return `${now.slo.data?.newest ? goodHint : goodNoCanary} ${when}.`;
}
