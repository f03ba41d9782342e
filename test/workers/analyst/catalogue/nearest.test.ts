import { expect, it } from "vitest";
import { nearest } from "../../../../workers/analyst/catalogue/nearest.ts";

const NAMES = ["v_trips", "v_tickets", "v_ticket_visits", "devices"];

it.each([
  ["v_trip", 1, ["v_trips"]],
  ["V_TICKET", 2, ["v_tickets", "v_ticket_visits"]],
  ["device", 1, ["devices"]],
  ["x", 5, []],
  ["", 5, []],
  ["v_trips", 0, []],
])("%s, %i", (text, most, expected) => {
  expect(nearest(text, NAMES, most)).toEqual(expected);
});
