// The tickets that the API tells of, page by page, and those of them that the filters let through.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, client, type Query } from "../../shell/api.ts";
import { type Choice, distinct } from "./choices.ts";
import { standingOf } from "./standing.tsx";
import { asked, type Filters, filters, kind, NONE, type Sort, sort, status } from "./view.ts";

export type Ticket = Answers["Ticket"];

const PER_PAGE = 200;
/** Pages of tickets that lasted long are short: so many are asked for before the reader is asked whether to go on. */
const PAGES_AT_ONCE = 10;
const OPEN_EVERY_MS = 2 * 60_000;
/** Others are more, and change seldom. */
const EVERY_MS = 5 * 60_000;

interface Found {
  tickets: readonly Ticket[];
  /** There are older ones. */
  hasMore: boolean;
}

/** Tickets of the kind, status and time that are chosen, newest first; what has come is there while more comes. */
export function useTickets(): Answer<Found> & { isGrowing: boolean; loadMore: () => void } {
  const path = `/v1/tickets/${kind.value}`;
  const key = JSON.stringify([path, asked.value]);
  const [wanted, setWanted] = useState({ key, pages: PAGES_AT_ONCE });
  const [partial, setPartial] = useState<{ key: string; found: Found; atMs: number } | null>(null);
  const pages = wanted.key === key ? wanted.pages : PAGES_AT_ONCE;
  const answer = useAnswer<Found>(
    key,
    async (signal) => {
      const tickets: Ticket[] = [];
      let after: string | null = null;
      for (let page = 0; page < pages; page += 1) {
        const query: Query = { ...asked.peek(), limit: PER_PAGE, ...(after !== null && { after }) };
        const { tickets: more, next }: Answers["TicketList"] = await ask("TicketList", path, query, {
          signal,
        });
        tickets.push(...more);
        after = next;
        if (after === null) break;
        const found = { tickets: [...tickets], hasMore: true };
        if (!signal.aborted) setPartial({ key, found, atMs: client.nowMs() });
      }
      return { tickets, hasMore: after !== null };
    },
    { everyMs: status.value === "open" ? OPEN_EVERY_MS : EVERY_MS },
  );
  // Asked anew with more pages; what is shown stays.
  useEffect(() => {
    if (pages > PAGES_AT_ONCE) answer.reload();
  }, [pages]);
  const isWhole = answer.data !== null && !answer.isOld;
  const loadMore = () => setWanted({ key, pages: pages + PAGES_AT_ONCE });
  const isGrowing = answer.isLoading && (!isWhole || pages > PAGES_AT_ONCE);
  if (isWhole || partial?.key !== key) return { ...answer, isGrowing, loadMore };
  return { ...answer, data: partial.found, isOld: false, loadedAtMs: partial.atMs, isGrowing, loadMore };
}

/** Whom it is assigned to: a person, else the vehicle that it names. Untrusted text. */
export const assigneeOf = ({ driver, imei, visit }: Ticket): string | null => {
  if (driver) return driver;
  if (imei === null) return null;
  return (visit?.imei === imei && (visit.plate || visit.name)) || imei;
};

export const hasPlace = ({ lat, lng }: Ticket): boolean => lat !== null && lng !== null;

/** What the filters let through, in the order chosen, and what can be chosen. */
export function useShown(found: readonly Ticket[]) {
  const chosen = filters.value;
  const order = sort.value;
  const matching = useMemo(() => found.filter((ticket) => isWanted(ticket, chosen)), [found, chosen]);
  const shown = useMemo(() => {
    const those = chosen.isPlaceless ? matching.filter((ticket) => !hasPlace(ticket)) : matching;
    return order === "newest" ? those : [...those].sort(ORDERS[order]);
  }, [matching, chosen, order]);
  const priorities = useMemo(() => distinct(found.map(({ priority }) => priority)), [found]);
  const assignees = useMemo(() => distinct(found.map(assigneeOf)), [found]);
  const placeless = useMemo(() => matching.filter((ticket) => !hasPlace(ticket)).length, [matching]);
  return { shown, placeless, priorities, assignees };
}

export interface Choices {
  priorities: readonly Choice[];
  assignees: readonly Choice[];
}

function isWanted(ticket: Ticket, { visited, priority, assignee, search }: Filters): boolean {
  const was = ticket.visit?.visited ?? null;
  if (visited !== null && visited !== (was === null ? "unknown" : was ? "yes" : "no")) return false;
  if (priority !== null && !isLike(ticket.priority, priority)) return false;
  const assigned = assigneeOf(ticket);
  if (assignee !== null && !isLike(assigned, assignee)) return false;
  const text = [ticket.number, ticket.area, assigned].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const isLike = (has: string | null, wanted: string): boolean =>
  wanted === NONE ? !has : has?.trim().toLowerCase() === wanted.trim().toLowerCase();

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Unknown comes last; those that are equal stay newest first. */
const ORDERS: Record<Exclude<Sort, "newest">, (a: Ticket, b: Ticket) => number> = {
  due: (a, b) => Number(b.isOpen) - Number(a.isOpen) || msOrLast(a.dueAt) - msOrLast(b.dueAt) || 0,
  priority: (a, b) =>
    Number(!a.priority) - Number(!b.priority) || names.compare(a.priority ?? "", b.priority ?? ""),
};

const msOrLast = (at: string | null) => (at === null ? Number.MAX_SAFE_INTEGER : Date.parse(at));

/** What needs somebody comes to lie on top on the map. */
export const RANKS = ["done", "unsure", "unvisited", "there", "waiting", "overdue"] as const;
export const rankOf = (ticket: Ticket): number => RANKS.indexOf(standingOf(ticket));
