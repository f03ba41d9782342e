import { Bars } from "../../charts/bars.tsx";
import { count } from "../../parts/format.ts";
import { Answered, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { SLOWLY_MS } from "./now.ts";
import { hoursBefore, useSpan } from "./views.ts";

type PushKind = Answers["Pushes"]["kinds"][number];

const words = ingest.pushes;

/** What the vendor pushed, by kind; and what it did not. */
export function Pushes() {
  const { span, hours } = useSpan();
  const pushes = useAnswer(
    `ingest pushes ${span}`,
    (signal) => ask("Pushes", "/v1/pushes", { from: hoursBefore(client.nowMs(), hours) }, { signal }),
    { everyMs: SLOWLY_MS },
  );
  return (
    <section class="card" aria-labelledby="pushes-title">
      <h2 id="pushes-title">{words.title}</h2>
      <Answered of={pushes} minHeightPx={160}>
        {({ kinds }) => {
          const came = kinds.filter(({ messages }) => messages > 0);
          const silent = kinds.filter(({ messages }) => messages === 0).map(({ kind }) => kind);
          return (
            <div class="stack">
              {came.length === 0 ? (
                <Empty title={words.none} />
              ) : (
                <>
                  <Bars
                    label={words.chart}
                    as={count}
                    bars={came.map(({ kind, items }) => ({ key: kind, label: kind, value: items }))}
                  />
                  <Table
                    caption={words.caption}
                    columns={COLUMNS}
                    rows={came}
                    rowKey={({ kind }) => kind}
                    maxHeight="none"
                  />
                </>
              )}
              {silent.length > 0 && <p class="soft small">{words.silent(silent.join(", "))}</p>}
            </div>
          );
        }}
      </Answered>
    </section>
  );
}

const COLUMNS: Column<PushKind>[] = [
  { key: "kind", header: words.kind, cell: ({ kind }) => kind },
  { key: "messages", header: words.messages, align: "end", cell: ({ messages }) => count(messages) },
  { key: "items", header: words.items, align: "end", cell: ({ items }) => count(items) },
  { key: "written", header: words.written, align: "end", cell: ({ written }) => count(written) },
  { key: "duplicate", header: words.duplicate, align: "end", cell: ({ duplicate }) => count(duplicate) },
  { key: "rejected", header: words.rejected, align: "end", cell: ({ rejected }) => count(rejected) },
  { key: "accounts", header: words.accounts, cell: ({ accounts }) => accounts.join(", ") },
];
