import type { ComponentChildren } from "preact";
import { count, durationS } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import type { Answer } from "../../shell/answer.ts";
import type { Answers } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { figureOf, isUp, samplesOf } from "./now.ts";

const words = ingest.queue;

/** What waits, and how those are that stand between the vendor and the database. */
export function Queue({ of }: { of: Answer<Answers["Metrics"]> }) {
  return (
    <section class="card" aria-labelledby="queue-title">
      <h2 id="queue-title">{words.title}</h2>
      <Answered of={of} minHeightPx={190}>
        {(metrics) => {
          const figure = (name: string) => figureOf(metrics, name);
          const pauses = samplesOf(metrics, "vendor_pause_seconds");
          return (
            <dl class="facts">
              <Fact name={words.messages} of={figure("queue_backlog_messages")} as={count} />
              <Fact
                name={words.bytes}
                of={figure("queue_backlog_bytes")}
                as={(bytes) => `${count(bytes)} ${words.byteUnit}`}
              />
              <Fact
                name={words.oldest}
                of={figure("queue_oldest_age_seconds")}
                as={(s) => (s > 0 ? durationS(s) : ingest.none)}
              />
              <Fact
                name={words.token}
                of={figure("vendor_token_expiry_seconds")}
                as={(s) => (s > 0 ? ingest.figures.tokenLives(durationS(s)) : ingest.figures.noToken)}
              />
              <Fact
                name={words.paused}
                of={isUp(metrics, "vendor_session") ? pauses.length : null}
                as={() =>
                  pauses.length === 0
                    ? ingest.none
                    : pauses.map(({ labels, value }) => (
                        <span key={labels.method} class="wrong pause">
                          {labels.method === "*" ? words.all : labels.method} {words.for(durationS(value))}
                        </span>
                      ))
                }
              />
              <Fact name={words.geocoder} of={figure("geocoder_waiting_cells")} as={count} />
              <Fact name={words.streams} of={figure("live_map_streams")} as={count} />
              <Fact
                name={words.behind}
                of={figure("live_map_behind")}
                as={(behind) => (behind > 0 ? <span class="wrong">{words.isBehind}</span> : words.follows)}
              />
            </dl>
          );
        }}
      </Answered>
    </section>
  );
}

function Fact({
  name,
  of,
  as,
}: {
  name: string;
  of: number | null;
  as: (value: number) => ComponentChildren;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={of === null ? "not-known" : "figures"}>{of === null ? words.notAsked : as(of)}</dd>
    </>
  );
}
