import { shortDurationS } from "../../parts/format.ts";
import { RowList, type RowPlace } from "../../parts/row-list.tsx";
import { dateTime, msOf } from "../../parts/time.ts";
import { nowSlow } from "../../shell/clock.ts";
import { words } from "../../texts/tickets.ts";
import { StandingMark, standingOf, visitInShort } from "./standing.tsx";
import { assigneeOf, hasPlace, type Ticket } from "./tickets.ts";
import { selected } from "./view.ts";

/** In CSS too. */
const ROW_PX = 60;

/** @param onChoose null: none is to be chosen */
export function TicketList({
  tickets,
  onChoose,
}: {
  tickets: readonly Ticket[];
  onChoose: (number: string | null) => void;
}) {
  return (
    <RowList
      id="ticket-list"
      label={words.list}
      entries={tickets}
      keyOf={({ number }) => number}
      rowPx={ROW_PX}
      chosen={selected.value}
      onChoose={(ticket) => onChoose(ticket?.number ?? null)}
      row={(ticket, place) => <Row key={ticket.number} ticket={ticket} place={place} onChoose={onChoose} />}
    />
  );
}

interface RowProps {
  ticket: Ticket;
  place: RowPlace;
  onChoose: (number: string) => void;
}

function Row({ ticket, place, onChoose }: RowProps) {
  const { number, priority, area } = ticket;
  const { id, top, position, size, isChosen, isActive } = place;
  const who = [area ?? words.noArea, assigneeOf(ticket) ?? words.nobody].join(" · ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all of its options.
    <div
      id={id}
      role="option"
      class="tickets-row"
      data-number={number}
      data-active={isActive}
      tabIndex={-1}
      aria-selected={isChosen}
      aria-setsize={size}
      aria-posinset={position}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onChoose(number)}
    >
      <StandingMark of={standingOf(ticket)} label />
      <span class="tickets-row-label">
        <b>{number}</b>
        {priority && <span class="tickets-tag">{priority}</span>}
        {!hasPlace(ticket) && <span class="tickets-tag is-none">{words.noPlace}</span>}
      </span>
      <Due ticket={ticket} />
      <span class="tickets-row-who">{who}</span>
      <span class="tickets-row-visit">{visitInShort(ticket)}</span>
    </div>
  );
}

/** What of its times counts now. */
export function Due({ ticket: { isOpen, isOverdue, dueAt, openedAt, resolvedAt } }: { ticket: Ticket }) {
  const nowMs = nowSlow.value;
  const text = () => {
    if (!isOpen) return resolvedAt === null ? words.noTime : words.resolvedAt(dateTime(resolvedAt));
    if (dueAt !== null) {
      const leftMs = msOf(dueAt) - nowMs;
      const duration = shortDurationS(Math.abs(leftMs) / 1000);
      return leftMs < 0 ? words.overdue(duration) : words.due(duration);
    }
    if (openedAt === null) return words.noTime;
    return words.openFor(shortDurationS((nowMs - msOf(openedAt)) / 1000));
  };
  return <span class={isOverdue ? "tickets-due figures wrong" : "tickets-due figures"}>{text()}</span>;
}
