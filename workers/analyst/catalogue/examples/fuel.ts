import type { Entries } from "../entry.ts";

/** Fuel: used, filled, drained, and what it cost. */
export const fuel: Entries = {
  "reporting.v_fuel_daily": {
    grain: "vehicle and day",
    caveats: [
      "`reported_l` and `estimated_l` say the same of different sources: never add them, never fill one with the other without saying so.",
      "`refills` and `drains` count from a confidence of 0.5; `drained_l` null with drains: their litres are not known.",
      "Costs are null before the first price; add up per `currency`.",
    ],
    questions: [
      {
        question: "What did fuel cost per kilometre over the last 30 days, by vehicle?",
        sql: `select plate, imei, currency, round(sum(distance_km)::numeric) as distance_km,
  round(sum(estimated_l)::numeric, 1) as estimated_l, round(sum(estimated_cost), 2) as estimated_cost,
  round(sum(estimated_cost) / nullif(sum(distance_km) filter (where estimated_cost is not null), 0)::numeric, 2) as cost_per_km,
  sum(drains) as drains, round(sum(drained_l)::numeric, 1) as drained_l
from reporting.v_fuel_daily
where day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet)
group by plate, imei, currency
order by cost_per_km desc nulls last
limit 50`,
        columns: [
          "plate",
          "imei",
          "currency",
          "distance_km",
          "estimated_l",
          "estimated_cost",
          "cost_per_km",
          "drains",
          "drained_l",
        ],
      },
    ],
  },
  "reporting.v_fuel_events": {
    grain: "vehicle, sensor and step of a level",
    caveats: [
      "A drain of high `confidence` is worth a question, not a verdict: read `doubts`. The confidence is a formula, not a probability.",
      "A vehicle with a fuel sensor and a bus may tell the same step twice: look at one `source`.",
    ],
    questions: [
      {
        question: "Which drains of the last 30 days are worth a question?",
        sql: `select at, plate, driver, litres, from_level, to_level, unit, standing, lat, lng, confidence, doubts
from reporting.v_fuel_events
where kind = 'drain' and confidence >= 0.5 and at >= now() - interval '30 days'
order by confidence desc, litres desc nulls last`,
        columns: [
          "at",
          "plate",
          "driver",
          "litres",
          "from_level",
          "to_level",
          "unit",
          "standing",
          "lat",
          "lng",
          "confidence",
          "doubts",
        ],
      },
    ],
  },
  "reporting.fuel_events": {
    grain: "vehicle, sensor and step of a level",
    caveats: [
      "Levels are in the unit that `unit_code` names; `reporting.v_fuel_events` has litres, plates and drivers.",
      "Canary devices are in it.",
    ],
    questions: [
      {
        question: "How many steps were found in the last 30 days, by kind and source?",
        sql: `select kind, source, count(*) as steps, round(avg(confidence)::numeric, 2) as mean_confidence
from reporting.fuel_events
where at >= now() - interval '30 days' and imei in (select imei from reporting.v_vehicles)
group by kind, source
order by kind, source`,
        columns: ["kind", "source", "steps", "mean_confidence"],
      },
    ],
  },
  "reporting.v_fuel_fills": {
    grain: "fill",
    caveats: [
      "As written down at the pump; nothing is computed. Empty where another product's fills have not been mapped.",
      "`cost` is in `currency`: add up per currency.",
    ],
    questions: [
      {
        question: "How much fuel was bought in the last 30 days, by vehicle?",
        sql: `select v.plate, f.imei, f.currency, count(*) as fills, round(sum(f.litres)::numeric, 1) as litres, sum(f.cost) as cost
from reporting.v_fuel_fills f
left join reporting.v_vehicles v on v.imei = f.imei
where f.filled_at >= now() - interval '30 days'
group by v.plate, f.imei, f.currency
order by cost desc nulls last`,
        columns: ["plate", "imei", "currency", "fills", "litres", "cost"],
      },
    ],
  },
  "reporting.fn_fuel_levels": {
    grain: "reading of one vehicle",
    caveats: [
      "In whatever unit the sensor sends. Levels of 0 are left out. One vehicle and some days at a time.",
    ],
    questions: [
      {
        question: "How did the fuel level of a vehicle go in the last three days?",
        sql: `select l.source, l.sensor, l.at, l.level
from reporting.fn_fuel_levels((select imei from tracksolid.fuel_readings where reading_time >= now() - interval '3 days' limit 1),
  now() - interval '3 days', now()) l
order by l.source, l.sensor, l.at`,
        columns: ["source", "sensor", "at", "level"],
      },
    ],
  },
  "fuel.fills": {
    grain: "vehicle and instant",
    caveats: ["Read `reporting.v_fuel_fills`: it has the same columns wherever fills come from."],
    questions: [],
  },
};
