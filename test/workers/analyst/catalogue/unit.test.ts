import { expect, it } from "vitest";
import { unitOf } from "../../../../workers/analyst/catalogue/unit.ts";

it.each([
  ["moving_s", "Under way, s.", "s"],
  ["moving_s", null, "s"],
  ["duration_ms", null, "ms"],
  ["distance_km", "The distance that counts, km; null where none is known.", "km"],
  ["max_speed_kmh", null, "km/h"],
  ["fuel_l_per_100_km", null, "l/100 km"],
  ["harsh_events_per_100_km", null, "per 100 km"],
  ["cost_per_km", null, "per km"],
  ["price_per_l", null, "currency per l"],
  ["estimated_cost", null, "currency"],
  ["litres", null, "l"],
  ["refilled_l", null, "l"],
  ["nearest_m", null, "m"],
  ["moving_h", null, "h"],
  ["moving_share", null, "0 to 1"],
  ["days_known", null, "days"],
  ["days_since", null, "days"],
  ["day", "Day in the fleet's zone.", "day of the fleet's zone"],
  ["last_moved_day", null, "day of the fleet's zone"],
  ["vehicle_lat", null, "degrees"],
  ["lng", null, "degrees"],
  ["battery_percent", null, "%"],
  ["external_voltage_v", null, "V"],
  ["coolant_c", null, "°C"],
  ["newest_at", null, "UTC"],
  ["at", null, "UTC"],
  ["start_time", "Start (UTC).", "UTC"],
  // The same name, of two things.
  ["confidence", "From 0 to 1, as fuel_events.", "0 to 1"],
  ["confidence", "Vendor accuracy class, 3 best.", null],
  ["starts_at", "Start, time of day in the fleet's zone.", "time of day in the fleet's zone"],
  ["ends_at", "End; before the start, it is on the next day.", null],
  // Columns of another product say it in their comments.
  ["amount", "Fuel, litres.", "l"],
  ["mileage", "At the pump, km.", "km"],
  ["speed", "Highest speed, km/h", "km/h"],
  ["took", "How long, s; null while it goes on.", "s"],
  // No unit.
  ["trips", "Trips that began on the day.", null],
  ["satellites", "Satellites used.", null],
  ["plate", "Licence plate.", null],
  ["status", null, null],
  ["format", null, null],
  ["", null, null],
  ["_s", null, "s"],
])("%s (%s): %s", (name, comment, unit) => {
  expect(unitOf(name, comment)).toBe(unit);
});
