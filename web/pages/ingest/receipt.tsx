import { useState } from "preact/hooks";
import { Badge, type Tone } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dateTime } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { query, setQuery } from "../../shell/url.ts";
import { ingest } from "../../texts/ingest.ts";
import { visible } from "./raw.tsx";

type Message = Answers["Receipt"]["messages"][number];
type Item = Message["items"][number];

const words = ingest.receipt;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Looks up what became of each item of a push or a run. */
export function Receipt() {
  const asked = query.value.receipt ?? "";
  const id = wordOf(asked);
  const isOne = UUID.test(id);
  const receipt = useAnswer(isOne ? `ingest receipt ${id}` : null, (signal) =>
    ask("Receipt", `/v1/receipts/${id}`, {}, { signal }),
  );
  return (
    <section class="card" aria-labelledby="receipt-title">
      <h2 id="receipt-title">{words.title}</h2>
      <div class="stack">
        {/* Another link puts another id into the field. */}
        <Lookup key={asked} asked={asked} onAgain={receipt.reload} />
        {asked !== "" && !isOne && (
          <p class="wrong" role="alert">
            {words.notOne}
          </p>
        )}
        {isOne && (
          <Answered of={receipt} minHeightPx={200}>
            {({ complete, messages }) => (
              <>
                {!complete && <p class="wrong">{words.incomplete}</p>}
                <ul class="entries">
                  {messages.map((message, at) => (
                    <Entry key={at} message={message} />
                  ))}
                </ul>
              </>
            )}
          </Answered>
        )}
      </div>
    </section>
  );
}

const wordOf = (text: string) => text.trim().toLowerCase();

function Lookup({ asked, onAgain }: { asked: string; onAgain: () => void }) {
  const [typed, setTyped] = useState(asked);
  return (
    <form
      class="lookup"
      onSubmit={(event) => {
        event.preventDefault();
        if (wordOf(typed) === wordOf(asked)) onAgain();
        else setQuery({ receipt: wordOf(typed) }, { replace: false });
      }}
    >
      <label>
        <span class="label">{words.label}</span>
        <input
          class="input"
          value={typed}
          spellcheck={false}
          autocomplete="off"
          maxLength={60}
          aria-describedby="receipt-hint"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" disabled={wordOf(typed) === ""}>
        {words.look}
      </button>
      <p id="receipt-hint" class="soft small">
        {words.hint}
      </p>
    </form>
  );
}

const TONES: Record<string, Tone> = {
  ...{ delivered: "ok", parked: "warn", dead: "bad", pending: "info" },
  ...{ written: "ok", duplicate: "muted", rejected: "bad" },
};

function Entry({ message }: { message: Message }) {
  const { kind, account, part, parts, state, receivedAt, deliveredAt, deliveries, items } = message;
  const facts = [
    account && visible(account),
    words.message(part, parts),
    receivedAt && words.received(dateTime(receivedAt)),
    deliveredAt && words.delivered(dateTime(deliveredAt)),
    deliveries > 1 && words.deliveries(deliveries),
  ];
  const outcomes = new Map<string, number>();
  for (const { outcome } of items) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  return (
    <li class="stack">
      <p class="row">
        <Badge tone={TONES[state] ?? "muted"}>{words.states[state] ?? state}</Badge>
        <strong>{kind}</strong>
        <span class="soft">{facts.filter(Boolean).join(" · ")}</span>
      </p>
      {items.length === 0 ? (
        <p class="soft">{words.pending}</p>
      ) : (
        <>
          <p class="row">
            {[...outcomes].map(([outcome, found]) => (
              <span key={outcome}>
                <strong class="figures">{count(found)}</strong> {words.outcomes[outcome] ?? outcome}
              </span>
            ))}
          </p>
          <Table
            caption={words.caption}
            columns={COLUMNS}
            rows={items}
            rowKey={({ number }) => String(number)}
            maxHeight="360px"
          />
        </>
      )}
    </li>
  );
}

const COLUMNS: Column<Item>[] = [
  { key: "number", header: words.item, cell: ({ number }) => count(number) },
  {
    key: "outcome",
    header: words.outcome,
    cell: ({ outcome }) => (
      <Badge tone={TONES[outcome] ?? "muted"}>{words.outcomes[outcome] ?? outcome}</Badge>
    ),
  },
  { key: "reason", header: words.reason, cell: ({ reason }) => reason },
  {
    key: "detail",
    header: words.detail,
    cell: ({ detail }) => detail && <span class="cut">{visible(detail)}</span>,
  },
];
