import type { Entries } from "../entry.ts";

/** Tickets against where vehicles were. */
export const tickets: Entries = {
  "reporting.v_tickets": {
    grain: "kind and number",
    caveats: [
      "State, priority and area are in the words of the system that has the tickets: see `vocabulary://fleet`.",
      "Empty where another product's tickets have not been mapped. `is_open` says whether one is still to be done; `resolved_at` alone does not.",
    ],
    questions: [
      {
        question: "How many tickets were opened and resolved in the last 30 days, by area?",
        sql: `select area, count(*) as opened, count(resolved_at) as resolved, count(*) filter (where is_open) as still_open,
  round((extract(epoch from avg(resolved_at - opened_at)) / 3600)::numeric, 1) as mean_to_resolve_h
from reporting.v_tickets
where opened_at >= now() - interval '30 days'
group by area
order by opened desc`,
        columns: ["area", "opened", "resolved", "still_open", "mean_to_resolve_h"],
      },
    ],
  },
  "reporting.v_ticket_visits": {
    grain: "resolved ticket",
    caveats: [
      "Each row reads fixes: ask for one by `number`, or for a span by `reporting.fn_ticket_visits`.",
      "`visited` null is not no: `outcome` no_fixes, no_vehicle, no_position and no_time cannot be judged.",
    ],
    questions: [
      {
        question: "Was the vehicle at the place of one ticket?",
        sql: `select kind, number, plate, outcome, visited, confidence, first_within_at, within_s, nearest_m
from reporting.v_ticket_visits t
left join reporting.v_vehicles v on v.imei = t.imei
where t.number = (select number from reporting.v_tickets where resolved_at is not null order by opened_at desc limit 1)`,
        columns: [
          "kind",
          "number",
          "plate",
          "outcome",
          "visited",
          "confidence",
          "first_within_at",
          "within_s",
          "nearest_m",
        ],
      },
    ],
  },
  "reporting.fn_ticket_visits": {
    grain: "ticket opened in the span, open ones included",
    caveats: [
      "A day of a ticket reads the fixes of one vehicle on that day: ask for some weeks at most.",
      "Only `visited = false` says that nobody came: `outcome` passed (too short) or elsewhere. Null cannot be judged: count it apart.",
    ],
    questions: [
      {
        question: "Which tickets of the last seven days were resolved without a visit?",
        sql: `select t.kind, t.number, t.area, t.driver_name, v.plate, t.opened_at, t.resolved_at, t.outcome, t.nearest_m, t.longest_gap_s
from reporting.fn_ticket_visits(now() - interval '7 days', now(), now()) t
left join reporting.v_vehicles v on v.imei = t.imei
where t.resolved_at is not null and t.visited = false
order by t.resolved_at desc`,
        columns: [
          "kind",
          "number",
          "area",
          "driver_name",
          "plate",
          "opened_at",
          "resolved_at",
          "outcome",
          "nearest_m",
          "longest_gap_s",
        ],
      },
      {
        question: "How did the tickets of the last seven days come out?",
        sql: `select outcome, count(*) as tickets, round(avg(confidence)::numeric, 2) as mean_confidence
from reporting.fn_ticket_visits(now() - interval '7 days', now(), now())
where resolved_at is not null
group by outcome
order by tickets desc`,
        columns: ["outcome", "tickets", "mean_confidence"],
      },
    ],
  },
  "tickets.incidents": {
    grain: "incident",
    caveats: [
      "Read `reporting.v_tickets`: it has both kinds, and the same columns wherever tickets come from.",
    ],
    questions: [],
  },
  "tickets.change_requests": {
    grain: "change request",
    caveats: [
      "Read `reporting.v_tickets`: it has both kinds, and the same columns wherever tickets come from.",
    ],
    questions: [],
  },
};
