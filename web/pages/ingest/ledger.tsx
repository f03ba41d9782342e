import { useId } from "preact/hooks";
import { type Kind, Legend, Patterns } from "../../charts/series.tsx";
import { Badge } from "../../parts/badge.tsx";
import { count, percent } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dateTime } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { SLOWLY_MS } from "./now.ts";
import { hoursBefore, linkTo, useSpan } from "./views.ts";

type Books = Answers["Ledger"];

const words = ingest.ledger;

/** What can become of an item that was received. Together they are all that was. */
const TERMS = {
  written: { label: words.written, colour: "var(--series-1)", pattern: "full" },
  duplicate: { label: words.duplicate, colour: "var(--parked)", pattern: "dots" },
  rejected: { label: words.rejected, colour: "var(--bad)", pattern: "stripes" },
  parked: { label: words.parked, colour: "var(--series-2)", pattern: "dots" },
  dead: { label: words.dead, colour: "var(--bad)", pattern: "full" },
  pending: { label: words.pending, colour: "var(--series-3)", pattern: "stripes" },
  missing: { label: words.missing, colour: "var(--bad)", pattern: "hollow" },
} satisfies Record<string, Kind>;

type Term = keyof typeof TERMS;

const LINKS: Partial<Record<Term, string>> = {
  rejected: linkTo("kept"),
  parked: linkTo("kept"),
  dead: linkTo("kept"),
};

/** The books: whether all that was received is accounted for. */
export function Ledger() {
  const { span, hours } = useSpan();
  const books = useAnswer(
    `ingest ledger ${span}`,
    (signal) => ask("Ledger", "/v1/ledger", { from: hoursBefore(client.nowMs(), hours) }, { signal }),
    { everyMs: SLOWLY_MS },
  );
  return (
    <section class="card" aria-labelledby="ledger-title">
      <header class="card-head">
        <h2 id="ledger-title">{words.title}</h2>
        {books.data && (
          <Badge tone={books.data.balanced ? "ok" : "bad"}>
            {books.data.balanced ? words.balanced : words.unbalanced}
          </Badge>
        )}
      </header>
      <Answered of={books} minHeightPx={260}>
        {(data) => (
          <div class="stack">
            <Equation of={data} />
            <Shares of={data} />
            {data.gaps.length > 0 && <Gaps of={data.gaps} />}
            <h3>{words.kinds}</h3>
            <Table
              caption={words.kinds}
              columns={COLUMNS}
              rows={data.kinds}
              rowKey={({ kind }) => kind}
              empty={words.none}
              maxHeight="none"
            />
          </div>
        )}
      </Answered>
    </section>
  );
}

const termsOf = ({ delivered, parked, dead, pending, missing }: Books): Record<Term, number> => ({
  written: delivered.written,
  duplicate: delivered.duplicate,
  rejected: delivered.rejected,
  parked: parked.items,
  dead: dead.items,
  pending: pending.items,
  missing: missing.items,
});

/** received = written + … as one reads it. What is nowhere is a term only where there is such a thing. */
function Equation({ of }: { of: Books }) {
  const terms = termsOf(of);
  const names = (Object.keys(TERMS) as Term[]).filter((name) => name !== "missing" || terms.missing > 0);
  const spoken = names.map((name) => `${count(terms[name])} ${TERMS[name].label}`).join(" + ");
  return (
    <div class="equation">
      <p class="unseen">{words.equation(spoken, count(of.received.items))}</p>
      <span class="equation-term" aria-hidden="true">
        <strong>{count(of.received.items)}</strong>
        <span>{words.received}</span>
      </span>
      {names.map((name, at) => (
        <span key={name} class="equation-part" data-nothing={terms[name] === 0}>
          <span class="equation-sign" aria-hidden="true">
            {at === 0 ? "=" : "+"}
          </span>
          <span class="equation-term" data-wrong={WRONG.has(name) && terms[name] > 0}>
            <strong aria-hidden="true">{count(terms[name])}</strong>
            {LINKS[name] && terms[name] > 0 ? (
              <a href={LINKS[name]}>{TERMS[name].label}</a>
            ) : (
              <span aria-hidden="true">{TERMS[name].label}</span>
            )}
          </span>
        </span>
      ))}
    </div>
  );
}

const WRONG = new Set<Term>(["dead", "missing"]);

/** The same as one bar. */
function Shares({ of }: { of: Books }) {
  const id = useId();
  const terms = termsOf(of);
  const names = (Object.keys(TERMS) as Term[]).filter((name) => terms[name] > 0);
  const whole = names.reduce((sum, name) => sum + terms[name], 0);
  if (whole === 0) return <p class="soft">{words.none}</p>;
  const kinds = Object.fromEntries(names.map((name) => [name, TERMS[name]]));
  const spoken = names.map((name) => `${TERMS[name].label} ${percent(terms[name] / whole, 1)}`).join(", ");
  let before = 0;
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{words.chart}</span>
        <Legend id={id} kinds={kinds} />
      </figcaption>
      <svg class="shares" role="img" aria-label={`${words.chart}: ${spoken}`}>
        <Patterns id={id} kinds={kinds} />
        {names.map((name) => {
          const from = (before / whole) * 100;
          before += terms[name];
          return (
            <rect
              key={name}
              x={`${from}%`}
              // A handful among thousands is still to be seen.
              width={`${Math.max(0.4, (terms[name] / whole) * 100)}%`}
              height="100%"
              fill={`url(#${id}-${name})`}
            >
              <title>{`${TERMS[name].label}: ${words.unitItems(count(terms[name]))}`}</title>
            </rect>
          );
        })}
      </svg>
    </figure>
  );
}

function Gaps({ of }: { of: Books["gaps"] }) {
  return (
    <>
      <h3>{words.gaps}</h3>
      <ul class="entries">
        {of.map(({ producer, from, to, provenAt }) => (
          <li key={`${producer} ${from}`}>
            <code>{producer}</code>: {words.gap(from, to)}{" "}
            <span class="soft">{words.proven(dateTime(provenAt))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const COLUMNS: Column<Books["kinds"][number]>[] = [
  { key: "kind", header: words.kind, cell: ({ kind }) => kind },
  { key: "messages", header: words.messages, align: "end", cell: ({ messages }) => count(messages) },
  { key: "items", header: words.items, align: "end", cell: ({ items }) => count(items) },
  { key: "written", header: words.heads.written, align: "end", cell: ({ written }) => count(written) },
  {
    key: "duplicate",
    header: words.heads.duplicate,
    align: "end",
    cell: ({ duplicate }) => count(duplicate),
  },
  { key: "rejected", header: words.heads.rejected, align: "end", cell: ({ rejected }) => count(rejected) },
];
