import { useState } from "preact/hooks";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { dateTime } from "../../parts/time.ts";
import { may } from "../../shell/session.ts";
import { words } from "../../texts/today.ts";
import { Figures } from "./figures.tsx";
import type { Insight } from "./insights.ts";
import { OneRemark, Remarks } from "./remarks.tsx";
import { Say, VERDICTS } from "./say.tsx";
import { viewsOf } from "./views.ts";

const TONES: Record<Insight["severity"], Tone> = { high: "bad", medium: "warn", low: "info" };

/** Sentences of the server have instants in UTC. */
const inFleetTime = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (instant) => dateTime(instant));

/** One insight: what it tells, how it is known, what shows it, what people said of it. */
export function InsightCard({
  insight,
  day,
  isSetAside = false,
  onSaid,
}: {
  insight: Insight;
  day: string;
  isSetAside?: boolean;
  onSaid: () => void;
}) {
  const { id, kind, severity, title, why, driver, evidence, remark } = insight;
  const [isOpen, setOpen] = useState<"figures" | "remarks" | null>(null);
  const [first, ...others] = viewsOf(insight, day);
  const toggle = (what: "figures" | "remarks") => setOpen(isOpen === what ? null : what);
  return (
    <article class="card today-card" data-severity={severity} data-set-aside={isSetAside} data-insight={id}>
      <header>
        <p class="today-card-head">
          <Badge tone={TONES[severity] ?? "muted"}>{words.severity[severity] ?? severity}</Badge>
          <span class="soft small">{words.kinds[kind] ?? kind.replaceAll("_", " ")}</span>
          {driver !== null && kind !== "late_start" && (
            <span class="soft small today-driver">{words.driver(driver)}</span>
          )}
        </p>
        <h3>{inFleetTime(title)}</h3>
      </header>
      <p class="today-why">{inFleetTime(why)}</p>
      {remark !== null && (
        <OneRemark remark={remark} note={remark.insightId === id ? null : words.remarks.ofLike} />
      )}
      <div class="today-actions">
        {first && (
          <a class="button" href={first.href}>
            {first.label}
          </a>
        )}
        {others.map((view) => (
          <a key={view.href} class="button plain" href={view.href}>
            {view.label}
          </a>
        ))}
        <button
          type="button"
          class="button plain"
          aria-expanded={isOpen === "figures"}
          onClick={() => toggle("figures")}
        >
          {words.figures}
        </button>
        <button
          type="button"
          class="button plain"
          aria-expanded={isOpen === "remarks"}
          onClick={() => toggle("remarks")}
        >
          {words.remarks.title}
        </button>
        {may(words.say.scope) && (
          <span class="today-say">
            {VERDICTS.map((verdict) => (
              <Say key={verdict} insight={insight} day={day} verdict={verdict} onSaid={onSaid} />
            ))}
          </span>
        )}
      </div>
      {isOpen !== null && (
        <section
          class="today-opened"
          aria-label={isOpen === "figures" ? words.figuresOf(title) : words.remarks.title}
        >
          {isOpen === "figures" ? <Figures of={evidence} /> : <Remarks insight={insight} />}
        </section>
      )}
    </article>
  );
}
