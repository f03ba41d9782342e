import { useState } from "preact/hooks";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered, Empty } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client } from "../../shell/api.ts";
import { query, setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { SLOWLY_MS } from "./now.ts";
import { Raw, visible } from "./raw.tsx";
import { hoursBefore } from "./views.ts";

type Call = Answers["Audit"]["calls"][number];

const words = ingest.audit;
const STEP = 20;
const MOST = 320;
const WEEK_H = 7 * 24;
const OUTCOMES = ["answered", "refused", "failed"] as const;

/** What analysts asked, newest first. */
export function Audit() {
  const outcome = OUTCOMES.find((known) => known === query.value.outcome);
  const [limit, setLimit] = useState(STEP);
  const audit = useAnswer(
    `ingest audit ${outcome} ${limit}`,
    (signal) => {
      const from = hoursBefore(client.nowMs(), WEEK_H);
      return ask("Audit", "/v1/audit", { from, outcome, limit }, { signal });
    },
    { everyMs: SLOWLY_MS },
  );
  return (
    <section class="card" aria-labelledby="audit-title">
      <header class="card-head">
        <div>
          <h2 id="audit-title">{words.title}</h2>
          <p class="soft small">{words.hint}</p>
        </div>
        <Segmented
          label={words.outcome}
          options={[
            { value: "all", label: words.all },
            ...OUTCOMES.map((value) => ({ value, label: words.outcomes[value] ?? value })),
          ]}
          value={outcome ?? "all"}
          onChange={(next) => setQuery({ outcome: next === "all" ? null : next })}
        />
      </header>
      <Answered
        of={audit}
        minHeightPx={300}
        isEmpty={({ calls }) => calls.length === 0}
        empty={<Empty title={words.none} hint={words.noneHint} />}
      >
        {({ calls, next }) => (
          <div class="stack">
            <ul class="entries">
              {calls.map((call) => (
                <Entry key={call.id} call={call} />
              ))}
            </ul>
            {next !== null && limit < MOST && (
              <button type="button" class="button" disabled={audit.isOld} onClick={() => setLimit(limit * 4)}>
                {ingest.more}
              </button>
            )}
          </div>
        )}
      </Answered>
    </section>
  );
}

const TONES: Record<string, Tone> = { answered: "ok", refused: "warn", failed: "bad" };

/** Whatever it holds is text. */
function Entry({ call }: { call: Call }) {
  const { analyst, tool, outcome, reason, rowCount, durationMs, askedAt, statement } = call;
  return (
    <li>
      <p class="row">
        <Badge tone={TONES[outcome] ?? "muted"}>{words.outcomes[outcome] ?? outcome}</Badge>
        <strong>{visible(analyst)}</strong>
        <span>{tool}</span>
        <span class="soft figures">
          {dateTime(askedAt)} · {words.took} {count(durationMs)} {words.ms}
          {rowCount !== null && ` · ${words.rows} ${count(rowCount)}`}
        </span>
        {reason && <code>{visible(reason)}</code>}
      </p>
      <Raw
        shown={160}
        text={statement ?? call.arguments}
        label={statement === null ? words.arguments : words.statement}
      />
    </li>
  );
}
