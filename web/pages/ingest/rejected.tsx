import { Bars } from "../../charts/bars.tsx";
import { Badge } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { query } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { EVERY_MS } from "./now.ts";
import { Redrive } from "./redrive.tsx";
import { RejectedItems } from "./rejected-items.tsx";
import { linkTo } from "./views.ts";

type Reason = Answers["RejectedReasons"]["reasons"][number];

const words = ingest.rejected;

/** What could not become records: how many by reason, and those of a reason one by one. */
export function Rejected() {
  const reasons = useAnswer(
    "ingest reasons",
    (signal) => ask("RejectedReasons", "/v1/rejected/reasons", {}, { signal }),
    { everyMs: EVERY_MS },
  );
  return (
    <section class="card" aria-labelledby="rejected-title">
      <h2 id="rejected-title">{words.title}</h2>
      <Answered
        of={reasons}
        minHeightPx={120}
        isEmpty={({ reasons }) => reasons.length === 0}
        empty={
          <p>
            <Badge tone="ok">{words.none}</Badge>
          </p>
        }
      >
        {(data) => <OfReasons reasons={data.reasons} answer={reasons} />}
      </Answered>
    </section>
  );
}

function OfReasons({ reasons, answer }: { reasons: Reason[]; answer: Answer<unknown> }) {
  const { reason, kind } = query.value;
  const isChosen = reason !== undefined || kind !== undefined;
  const chosen = reasons.filter(
    (one) => (reason === undefined || one.reason === reason) && (kind === undefined || one.kind === kind),
  );
  const items = chosen.reduce((sum, one) => sum + one.items, 0);
  const filter = { reason, kind };
  return (
    <div class="stack">
      <Bars
        label={words.chart}
        as={count}
        colour="var(--series-2)"
        bars={reasons.map((one) => ({
          key: `${one.reason}-${one.kind}`,
          label: words.of(one.reason, one.kind),
          value: one.items,
          href: linkTo("kept", { reason: one.reason, kind: one.kind }),
        }))}
      />
      <header class="card-head">
        <div>
          <h3>{isChosen ? words.of(reason ?? "", kind ?? "") : words.anyReason}</h3>
          {chosen.length === 1 && chosen[0] && <p class="soft small">{describe(chosen[0])}</p>}
          {isChosen && (
            <p class="small">
              <a href={linkTo("kept")}>{words.anyReason}</a>
            </p>
          )}
        </div>
        {items > 0 && (
          <Redrive
            path="/v1/rejected"
            body={filter}
            label={words.redriveAll}
            explain={words.explain(count(items))}
            onDone={answer.reload}
          />
        )}
      </header>
      {items > 0 ? (
        // A list of other items is another list.
        <RejectedItems key={`${reason} ${kind}`} filter={filter} all={items} onDone={answer.reload} />
      ) : (
        <p class="soft">{words.noSuch}</p>
      )}
    </div>
  );
}

const describe = ({ items, vehicles, firstAt, lastAt }: Reason): string =>
  words.waits(count(items), count(vehicles), dateTime(firstAt), dateTime(lastAt));
