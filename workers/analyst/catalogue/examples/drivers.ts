import type { Entries } from "../entry.ts";

/** What drivers did, and when they began. */
export const drivers: Entries = {
  "reporting.v_driver_aggregates_daily": {
    grain: "driver and day, over all vehicles they had",
    caveats: [
      "Namesakes are one. Who had which vehicle is what the vendor or the company named, up to a day late.",
      "Events are what devices warn of: a device without such alarms has a good driver. Compare drivers of 20 km and more.",
      "Add up events and kilometres over days; never average `events_per_100_km`.",
    ],
    questions: [
      {
        question: "How did drivers do over the last 30 days, on 100 km?",
        sql: `select driver_name, round(sum(distance_km)::numeric) as distance_km, sum(speeding_events) as speeding_events,
  sum(harsh_events) as harsh_events,
  round((100 * sum(speeding_events + harsh_events) / nullif(sum(distance_km), 0))::numeric, 2) as events_per_100_km
from reporting.v_driver_aggregates_daily
where day >= (select (now() at time zone zone)::date - 30 from reporting.v_fleet) and distance_km is not null
group by driver_name
having sum(distance_km) >= 20
order by events_per_100_km desc`,
        columns: ["driver_name", "distance_km", "speeding_events", "harsh_events", "events_per_100_km"],
      },
      {
        question: "Which driver idled longest yesterday?",
        sql: `select driver_name, vehicles, idling_s, moving_s, distance_km
from reporting.v_driver_aggregates_daily
where day = (select (now() at time zone zone)::date - 1 from reporting.v_fleet)
order by idling_s desc
limit 20`,
        columns: ["driver_name", "vehicles", "idling_s", "moving_s", "distance_km"],
      },
    ],
  },
  "reporting.driver_day": {
    grain: "driver, vehicle and day",
    caveats: [
      "Time of which nothing is known belongs to no driver and is not in it.",
      "Canary devices are in it: join `reporting.v_vehicles`.",
    ],
    questions: [
      {
        question: "Which vehicles did each driver have in the last seven days?",
        sql: `select d.driver_name, v.plate, d.imei, count(*) as days, round(sum(d.distance_km)::numeric, 1) as distance_km
from reporting.driver_day d
join reporting.v_vehicles v on v.imei = d.imei
where d.day >= (select (now() at time zone zone)::date - 7 from reporting.v_fleet)
group by d.driver_name, v.plate, d.imei
order by d.driver_name, days desc`,
        columns: ["driver_name", "plate", "imei", "days", "distance_km"],
      },
    ],
  },
  "reporting.v_driver_clock_daily": {
    grain: "day, driver and vehicle",
    caveats: [
      "`is_late` is null without a shift, on a free day, and for who did not move: such days are neither late nor in time. Say how many there are.",
      "Shifts are those of now. Of several vehicles a driver begins with the one moved first: count the earliest `began_at` of a day.",
      "Who did not move at all has no row; `reporting.fn_driver_clock_today` has them, of today.",
    ],
    questions: [
      {
        question: "Which drivers were late this month, how often and by how much?",
        sql: `with days as (
  select distinct on (c.driver_name, c.day) c.driver_name, c.day, c.is_late, c.late_s
  from reporting.v_driver_clock_daily c, reporting.v_fleet f
  where c.day >= date_trunc('month', now() at time zone f.zone)::date and c.is_late is not null
  order by c.driver_name, c.day, c.began_at
)
select driver_name, count(*) as days_with_shift, count(*) filter (where is_late) as days_late,
  round(avg(late_s) filter (where is_late)) as mean_late_s, max(late_s) filter (where is_late) as most_late_s
from days
group by driver_name
having count(*) filter (where is_late) > 0
order by days_late desc, most_late_s desc`,
        columns: ["driver_name", "days_with_shift", "days_late", "mean_late_s", "most_late_s"],
      },
    ],
  },
  "reporting.fn_driver_at": {
    grain: "the driver of one vehicle at an instant; no row where none was known",
    caveats: ["Join it with `left join lateral … on true`; facts keep no driver of their own."],
    questions: [
      {
        question: "Who drove when each alarm of the last 24 hours began?",
        sql: `select a.alarm_time, v.plate, a.alarm_name, d.driver_name
from tracksolid.alarms a
join reporting.v_vehicles v on v.imei = a.imei
left join lateral reporting.fn_driver_at(a.imei, a.alarm_time) d on true
where a.alarm_time >= now() - interval '24 hours' and a.alarm_time < now()
order by a.alarm_time desc
limit 100`,
        columns: ["alarm_time", "plate", "alarm_name", "driver_name"],
      },
    ],
  },
  "reporting.alarm_day": {
    grain: "vehicle, kind of alarm and day",
    caveats: [
      "`alarms` is 0 nowhere: a kind that did not happen has no row.",
      "Canary devices are in it: join `reporting.v_vehicles`.",
    ],
    questions: [
      {
        question: "Which vehicles warned most often in the last seven days, and of what?",
        sql: `select v.plate, a.imei, coalesce(c.name, a.canonical_code) as alarm, sum(a.alarms) as alarms
from reporting.alarm_day a
join reporting.v_vehicles v on v.imei = a.imei
left join tracksolid.alarm_codes c on c.code = a.canonical_code
where a.day >= (select (now() at time zone zone)::date - 7 from reporting.v_fleet)
group by v.plate, a.imei, coalesce(c.name, a.canonical_code)
order by alarms desc
limit 20`,
        columns: ["plate", "imei", "alarm", "alarms"],
      },
    ],
  },
  "reporting.v_alarms_daily": {
    grain: "day, kind of alarm, account, city and segment",
    caveats: [
      "`vehicles` cannot be added up over kinds: one may have had several. `reporting.alarm_day` has them one by one.",
      "`class` speed is speeding; harsh driving is in several classes: `tracksolid.alarm_codes.harsh`.",
    ],
    questions: [
      {
        question: "How many alarms were there by class and day in the last seven days?",
        sql: `select day, class, sum(alarms) as alarms
from reporting.v_alarms_daily
where day >= (select (now() at time zone zone)::date - 7 from reporting.v_fleet)
group by day, class
order by day, alarms desc`,
        columns: ["day", "class", "alarms"],
      },
    ],
  },
};
