// Which views show what an insight tells of.

import { dateTime, dayOf, msOf, time } from "../../parts/time.ts";
import { href } from "../../shell/url.ts";
import { words } from "../../texts/today.ts";
import type { Insight } from "./insights.ts";

export interface ViewLink {
  label: string;
  href: string;
}

/** The view that shows it, and others that tell more. */
export function viewsOf(insight: Insight, day: string): ViewLink[] {
  const { kind, imei, driver, subject, evidence } = insight;
  const at = (name: string) => instantIn(evidence[name]);
  const live = imei === null ? [] : [{ label: words.show.live, href: href("/", { vehicle: imei }) }];
  const history = (instant: string | null, label?: string) =>
    imei === null ? [] : [dayInHistory(imei, day, instant, label)];
  switch (kind) {
    case "silent": {
      // On the day itself nothing was heard of it.
      const lastFixAt = at("fixAt");
      return [...live, ...(lastFixAt === null ? [] : history(lastFixAt))];
    }
    case "account_changed":
    case "service_due":
      return [...live, ...history(null)];
    case "outside_city":
      return [...history(at("fixAt")), ...live];
    case "idling":
      return [...history(null), ...live];
    case "after_hours":
      return history(at("firstMovingAt"));
    case "late_start":
      return [
        {
          label: words.show.clock,
          href: href("/fleet", { tab: "clock", by: "entry", period: day, driver: driver ?? subject.id }),
        },
        ...history(at("beganAt")),
      ];
    case "fuel_drain":
      return [
        ...history(firstStep(evidence.steps)),
        { label: words.show.fuel, href: href("/fleet", { tab: "fuel", period: day }) },
      ];
    case "ticket_unvisited":
      return [ticketOf(subject.id), ...history(at("openedAt"), words.show.ticketVehicle)];
    default:
      // A kind of a newer server.
      return [...live, ...history(null)];
  }
}

function dayInHistory(imei: string, day: string, instant: string | null, label?: string): ViewLink {
  if (instant === null)
    return { label: label ?? words.show.history, href: href("/history", { vehicle: imei, day }) };
  return {
    label: label ?? words.show.historyAt(dayOf(instant) === day ? time(instant) : dateTime(instant)),
    href: href("/history", { vehicle: imei, day: dayOf(instant), at: instant }),
  };
}

/** Kind and number, as the subject of an insight has them. */
function ticketOf(id: string): ViewLink {
  const [kind = "", ...number] = id.split(" ");
  return {
    label: words.show.ticket,
    href: href("/tickets", { ...(kind === "CRQ" && { kind: "change-requests" }), ticket: number.join(" ") }),
  };
}

function firstStep(steps: unknown): string | null {
  const [first]: unknown[] = Array.isArray(steps) ? steps : [];
  return first !== null && typeof first === "object" && "from" in first ? instantIn(first.from) : null;
}

function instantIn(value: unknown): string | null {
  if (typeof value !== "string" || Number.isNaN(msOf(value))) return null;
  return `${new Date(msOf(value)).toISOString().slice(0, 19)}Z`;
}
