import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { shortDurationS } from "../../parts/format.ts";
import { dateTime, msOf } from "../../parts/time.ts";
import { nowSlow } from "../../shell/clock.ts";
import { words } from "../../texts/tickets.ts";
import { StandingMark, standingOf, visitInShort } from "./standing.tsx";
import { assigneeOf, hasPlace, type Ticket } from "./tickets.ts";
import { selected } from "./view.ts";

/** In CSS too. */
const ROW_PX = 60;
/** Beyond what is seen, for a quick finger. */
const AROUND = 8;
const PAGE_ROWS = 8;

/** The tickets; of thousands only the rows in sight are on the page. */
export function TicketList({
  tickets,
  onChoose,
}: {
  tickets: readonly Ticket[];
  onChoose: (number: string | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const [active, setActive] = useState<string | null>(null);
  const id = useId();
  const chosen = selected.value;
  const atOf = (number: string | null) =>
    number === null ? -1 : tickets.findIndex((one) => one.number === number);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const sizing = new ResizeObserver(look);
    sizing.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizing.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const reveal = (at: number) => {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
  };
  // Only a new choice is scrolled to, not every update.
  useLayoutEffect(() => {
    setActive(chosen);
    reveal(atOf(chosen));
  }, [chosen]);

  function onKeyDown(event: KeyboardEvent) {
    const at = atOf(active);
    const last = tickets.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    const ticket = tickets[at];
    if (to !== undefined && last >= 0) {
      const next = Math.max(0, Math.min(last, to));
      setActive(tickets[next]?.number ?? null);
      reveal(next);
    } else if ((event.key === "Enter" || event.key === " ") && ticket) onChoose(ticket.number);
    else if (event.key === "Escape") onChoose(null);
    else return;
    event.preventDefault();
  }

  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - AROUND);
  const end = Math.min(tickets.length, Math.ceil((seen.top + seen.height) / ROW_PX) + AROUND);
  const activeAt = atOf(active);
  return (
    <div
      ref={box}
      id="ticket-list"
      class="tickets-list"
      role="listbox"
      tabIndex={0}
      aria-label={words.list}
      aria-activedescendant={activeAt >= first && activeAt < end ? `${id}-${activeAt}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => active === null && setActive(tickets[0]?.number ?? null)}
    >
      <div role="presentation" style={{ height: `${tickets.length * ROW_PX}px` }}>
        {tickets.slice(first, end).map((ticket, i) => (
          <Row
            key={ticket.number}
            ticket={ticket}
            id={`${id}-${first + i}`}
            at={first + i}
            size={tickets.length}
            isChosen={ticket.number === chosen}
            isActive={ticket.number === active}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  ticket: Ticket;
  id: string;
  at: number;
  size: number;
  isChosen: boolean;
  isActive: boolean;
  onChoose: (number: string) => void;
}

function Row({ ticket, id, at, size, isChosen, isActive, onChoose }: RowProps) {
  const { number, priority, area } = ticket;
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
      aria-posinset={at + 1}
      style={{ transform: `translateY(${at * ROW_PX}px)` }}
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
