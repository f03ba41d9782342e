import "./ingest.css";
import { PageHead } from "../../parts/page-head.tsx";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";
import { Alerts } from "./alerts.tsx";
import { Audit } from "./audit.tsx";
import { Calls } from "./calls.tsx";
import { Figures } from "./figures.tsx";
import { Freshness } from "./freshness.tsx";
import { Jobs } from "./jobs.tsx";
import { Kept } from "./kept.tsx";
import { Ledger } from "./ledger.tsx";
import { type Now, useNow } from "./now.ts";
import { Pushes } from "./pushes.tsx";
import { Queue } from "./queue.tsx";
import { Receipt } from "./receipt.tsx";
import { Refused } from "./refused.tsx";
import { Rejected } from "./rejected.tsx";
import { Replay } from "./replay.tsx";
import { SpanPicker } from "./span-picker.tsx";
import { VerdictCard } from "./verdict-card.tsx";
import { linkTo, VIEWS, viewOf } from "./views.ts";

/** What is wrong with the ingest, and what to do about it. */
export default function IngestPage() {
  const now = useNow();
  return (
    <div class="page ingest">
      <PageHead title={t.pages.ingest.title} hint={ingest.hint}>
        <Freshness now={now} />
      </PageHead>
      <VerdictCard now={now} />
      {now.isAdmin === false ? (
        <>
          <Figures now={now} />
          <Refused />
        </>
      ) : (
        <Parts now={now} />
      )}
    </div>
  );
}

function Parts({ now }: { now: Now }) {
  const view = viewOf();
  return (
    <>
      <nav class="parts" aria-label={ingest.views.label}>
        {VIEWS.map((name) => (
          <a key={name} href={linkTo(name)} aria-current={name === view ? "page" : undefined}>
            {ingest.views[name]}
          </a>
        ))}
      </nav>
      {now.isAdmin && <Part view={view} now={now} />}
    </>
  );
}

function Part({ view, now }: { view: ReturnType<typeof viewOf>; now: Now }) {
  switch (view) {
    case "jobs":
      return (
        <>
          <Figures now={now} />
          <Jobs of={now.jobs} />
          <Alerts of={now.alerts} />
        </>
      );
    case "flow":
      return (
        <>
          <SpanPicker />
          <Ledger />
          <Calls />
          <Pushes />
          <Queue of={now.metrics} />
        </>
      );
    case "kept":
      return (
        <>
          <Rejected />
          <Kept path="/v1/parked" of={now.parked} />
          <Kept path="/v1/dead-letters" of={now.dead} />
        </>
      );
    case "past":
      return (
        <>
          <Receipt />
          <Replay />
        </>
      );
    case "audit":
      return <Audit />;
  }
}
