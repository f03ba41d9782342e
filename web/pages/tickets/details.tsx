import { useEffect, useRef } from "preact/hooks";
import { coordinate } from "../../parts/format.ts";
import { Answered, Failed } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { Text } from "../../parts/value.tsx";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { href } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/tickets.ts";
import { Course, Evidence, Fact } from "./evidence.tsx";
import { Due } from "./list.tsx";
import { Nearest } from "./nearest.tsx";
import { StandingBadge, standingOf } from "./standing.tsx";
import { assigneeOf, hasPlace, type Ticket } from "./tickets.ts";
import { type Kind, otherKind } from "./view.ts";

const EVERY_MS = 60_000;
const { details: w } = words;

/** One ticket with the whole evidence of visits. @param number null asks nothing */
export const useTicket = (kind: Kind, number: string | null): Answer<Ticket> =>
  useAnswer(
    number && `ticket ${kind} ${number}`,
    (signal) => ask("Ticket", `/v1/tickets/${kind}/${encodeURIComponent(number ?? "")}`, {}, { signal }),
    { everyMs: EVERY_MS },
  );

/** The ticket that is looked at: what the list tells at once, and the whole evidence once it is there. */
export function Details({
  kind,
  number,
  listed,
  whole,
  nearest,
  onClose,
}: {
  kind: Kind;
  number: string;
  /** As the list has it; undefined for one that is not in it. */
  listed: Ticket | undefined;
  whole: Answer<Ticket>;
  nearest: Answer<Answers["Neighbours"]>;
  onClose: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const ticket = (whole.isOld ? null : whole.data) ?? listed;
  const isMissing = whole.error?.status === 404;
  // Where it covers the list, the reader would stay behind it.
  useEffect(() => {
    const list = document.getElementById("ticket-list");
    if (!list?.checkVisibility?.({ visibilityProperty: true }))
      heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section
      id="ticket"
      class="tickets-details"
      aria-labelledby="ticket-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header class="tickets-details-head">
        <div>
          <h2 id="ticket-title" ref={heading} tabIndex={-1}>
            {number}
          </h2>
          {ticket && (
            <p class="tickets-details-state">
              <StandingBadge of={standingOf(ticket)} />
              <span class="small">
                <Due ticket={ticket} />
              </span>
            </p>
          )}
        </div>
        <button type="button" class="button" onClick={onClose}>
          {t.close}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section class="scroll-part tickets-scroll" tabIndex={0} aria-label={w.facts}>
        {isMissing ? (
          <Failed
            title={w.missing}
            hint={w.missingHint(words.kinds[kind], number)}
            also={
              <a class="button" href={href("/tickets", { kind: otherKind(kind), ticket: number })}>
                {w.other(words.kinds[otherKind(kind)])}
              </a>
            }
          />
        ) : (
          <>
            {ticket && <Facts ticket={ticket} />}
            <section class="tickets-part" aria-labelledby="ticket-visit">
              <h3 id="ticket-visit">{words.visit.title}</h3>
              <Answered of={whole} minHeightPx={160}>
                {(data) => <Evidence ticket={data} />}
              </Answered>
            </section>
            {ticket && hasPlace(ticket) && <Nearest of={nearest} />}
          </>
        )}
      </section>
    </section>
  );
}

function Facts({ ticket }: { ticket: Ticket }) {
  const { state, priority, area, lat, lng, openedAt, dueAt, resolvedAt, isOpen } = ticket;
  return (
    <>
      <Course ticket={ticket} />
      <dl class="tickets-facts">
        <Fact name={w.opened}>{openedAt === null ? <Text of={null} /> : dateTime(openedAt)}</Fact>
        <Fact name={w.due}>{dueAt === null ? w.noDue : dateTime(dueAt)}</Fact>
        <Fact name={w.resolved}>
          {resolvedAt !== null ? dateTime(resolvedAt) : isOpen ? w.notResolved : <Text of={null} />}
        </Fact>
        <Fact name={w.assignee}>{assigneeOf(ticket) ?? words.nobody}</Fact>
        <Fact name={w.priority}>
          <Text of={priority} />
        </Fact>
        <Fact name={w.state}>
          <Text of={state} />
        </Fact>
        <Fact name={w.area}>
          <Text of={area} />
        </Fact>
        {hasPlace(ticket) && (
          <Fact name={w.place}>
            <span class="figures">{coordinate(lat, lng)}</span>
          </Fact>
        )}
      </dl>
      {!hasPlace(ticket) && <p class="tickets-note">{w.noPlace}</p>}
    </>
  );
}
