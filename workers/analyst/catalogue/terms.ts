/** A word of the field, as this product means it. */
export interface Term {
  term: string;
  /** Other words for it, and those that people ask with. */
  also: string[];
  meaning: string;
  /** Where it is: `schema.object.column`, or `schema.object`. */
  columns: string[];
}

/** The glossary. Definitions are those of docs/reporting.md, in the words a figure is explained with. */
export const TERMS: readonly Term[] = [
  {
    term: "utilisation",
    also: ["usage", "moving share"],
    meaning:
      "Time under way as a share of the time of which it is known what the vehicle did: moving / (moving + idling + parked), 0 to 1. Unknown time is in neither. Over several days or vehicles add the seconds up first.",
    columns: [
      "reporting.v_utilisation_daily.moving_share",
      "reporting.v_utilisation_daily.moving_s",
      "reporting.vehicle_day.moving_s",
    ],
  },
  {
    term: "moving",
    also: ["under way", "driving"],
    meaning:
      "Between two fixes at most 10 minutes apart: one of them is over 3 km/h, or they are over 100 m apart. As a status now: over 3 km/h with a fix at most 10 minutes old.",
    columns: [
      "reporting.vehicle_day.moving_s",
      "reporting.driver_day.moving_s",
      "reporting.vehicle_hour.moving_s",
    ],
  },
  {
    term: "idling",
    also: ["idle", "engine on, standing"],
    meaning:
      "Standing with the ignition on, between two fixes at most 10 minutes apart. As a status now: standing, ignition on, heard of within 10 minutes.",
    columns: [
      "reporting.vehicle_day.idling_s",
      "reporting.v_trips.idle_time_s",
      "reporting.v_utilisation_daily.idling_s",
    ],
  },
  {
    term: "parked",
    also: ["standing", "stopped"],
    meaning:
      "Standing with the ignition off or unknown; also over a gap in which it stayed within 200 m, unless it was left under way or with the ignition on and not found with it off.",
    columns: ["reporting.vehicle_day.parked_s", "reporting.v_utilisation_daily.parked_s"],
  },
  {
    term: "unknown",
    also: ["no data", "missing", "null"],
    meaning:
      "Time of which nobody knows what the vehicle did: moved without fixes, not heard of, or yet to come. Never zero: a day without a row is unknown as a whole, a null figure is not known. Moving, idling, parked and unknown add up to the day.",
    columns: ["reporting.vehicle_day.unknown_s", "reporting.v_fleet_km_daily.vehicles_unknown"],
  },
  {
    term: "silent",
    also: ["offline", "not reporting"],
    meaning:
      "Nothing heard of the vehicle, neither fix nor heartbeat, for 24 h. A parked vehicle that sends heartbeats is not silent.",
    columns: ["reporting.fn_live_positions", "reporting.insights.kind"],
  },
  {
    term: "fix",
    also: ["position", "GPS point"],
    meaning:
      "A position with its time. Only fixes of satellites count for times and distances. Every 10 to 30 s while moving.",
    columns: [
      "tracksolid.position_history.gps_time",
      "tracksolid.live_positions.fix_at",
      "reporting.vehicle_day.fixes",
    ],
  },
  {
    term: "contact",
    also: ["heartbeat", "last heard of"],
    meaning:
      "A heartbeat of the device: newer than the fix of a parked vehicle. Ignition and connection are as of then.",
    columns: ["tracksolid.live_positions.contact_at"],
  },
  {
    term: "trip",
    also: ["journey"],
    meaning:
      "What the vendor reports as one, from start to end, with its own distance. Trips of a vehicle do not overlap. A day's trips are those that began on it.",
    columns: ["reporting.v_trips", "reporting.vehicle_day.trips"],
  },
  {
    term: "stay",
    also: ["stop", "parking event"],
    meaning:
      "The vendor's: a time at one place, parked (ignition off) or idling (on). Of a ticket: from fix to fix within 150 m until one is elsewhere.",
    columns: ["tracksolid.parking_events", "reporting.v_ticket_visits.within_s"],
  },
  {
    term: "distance",
    also: ["mileage", "kilometres", "distance source"],
    meaning:
      "The distance that counts, km: by the odometer, where it did not break, else the vendor's trips, where either has four fifths of the way by GPS; else GPS, straight from fix to fix. `distance_source` says which. The three are never added up.",
    columns: [
      "reporting.vehicle_day.distance_km",
      "reporting.vehicle_day.distance_source",
      "reporting.vehicle_day.odometer_km",
      "reporting.vehicle_day.vendor_km",
      "reporting.vehicle_day.gps_km",
    ],
  },
  {
    term: "day",
    also: ["date", "today"],
    meaning: "A day of the fleet's zone (reporting.v_fleet.zone), not of UTC. All times are UTC.",
    columns: ["reporting.vehicle_day.day", "reporting.v_fleet.zone"],
  },
  {
    term: "driver",
    also: ["who drove"],
    meaning:
      "Whom the vendor or the company named for the vehicle at the time, up to a day late. Namesakes are one. On a day on which drivers changed, each has what happened in their time.",
    columns: [
      "reporting.driver_day.driver_name",
      "tracksolid.driver_assignments.driver_name",
      "reporting.v_trips.driver",
    ],
  },
  {
    term: "driver clock",
    also: ["late", "start of work", "shift", "punctuality"],
    meaning:
      "When a driver's day began: the first move from two hours before the shift on, or before taking the vehicle over. Late: more than the shift's grace after its start. Null where there was no shift, a free day or no move.",
    columns: [
      "reporting.v_driver_clock_daily.began_at",
      "reporting.v_driver_clock_daily.late_s",
      "reporting.v_driver_clock_daily.is_late",
      "tracksolid.shifts.grace",
    ],
  },
  {
    term: "score",
    also: ["driver score", "driver behaviour"],
    meaning:
      "100 - 5 x speeding - 2.5 x harsh events on 100 km, 0 at least; null for who drove less than 20 km. No column: the API has it, and it follows from events and kilometres of days whose distance is known. It says what devices warned of.",
    columns: [
      "reporting.v_driver_aggregates_daily.speeding_events",
      "reporting.v_driver_aggregates_daily.harsh_events",
      "reporting.v_driver_aggregates_daily.distance_km",
    ],
  },
  {
    term: "speeding",
    also: ["overspeed"],
    meaning: "Alarms of the class speed. Where the limit lies is set in the device or at the vendor.",
    columns: ["reporting.vehicle_day.speeding_events", "reporting.vehicle_day.max_speed_kmh"],
  },
  {
    term: "harsh driving",
    also: ["harsh events", "harsh braking"],
    meaning:
      "Alarms that count as such: acceleration, braking, cornering, a lane change too sudden. Sensors take potholes for braking.",
    columns: ["reporting.vehicle_day.harsh_events", "tracksolid.alarm_codes.harsh"],
  },
  {
    term: "alarm",
    also: ["alert", "event"],
    meaning:
      "What a device or the platform warned of, once each, whether polled or pushed. Equal codes are counted as one `canonical_code`.",
    columns: [
      "reporting.v_alarms_daily.alarms",
      "reporting.alarm_day.alarms",
      "tracksolid.alarms.alarm_time",
    ],
  },
  {
    term: "coverage",
    also: ["data quality", "gaps"],
    meaning:
      "Of the time vehicles were under way, the share with fixes close enough, as they came or filled later: (have + recovered) / (have + recovered + missing). Standing is not expected to have fixes.",
    columns: [
      "reporting.coverage_hours.have_s",
      "reporting.coverage_hours.recovered_s",
      "reporting.coverage_hours.missing_s",
      "tracksolid.coverage_gaps.state",
    ],
  },
  {
    term: "reported fuel",
    also: ["fuel used", "consumption"],
    meaning: "Litres by the vendor's trips; null for most devices.",
    columns: ["reporting.v_fuel_daily.reported_l", "reporting.vehicle_day.fuel_l"],
  },
  {
    term: "estimated fuel",
    also: ["fuel estimate"],
    meaning:
      "Litres by distance times consumption: the vehicle's own, else its type's, else the vendor's. Load, traffic and idling are not in it. Never added to reported fuel.",
    columns: ["reporting.v_fuel_daily.estimated_l", "reporting.v_vehicles.fuel_l_per_100_km"],
  },
  {
    term: "drain",
    also: ["fuel theft", "fuel loss"],
    meaning:
      "A fall of the fuel level of 7 points or litres and more that the way driven does not explain. Its confidence is a formula of size, readings, standing and steadiness, not a probability; days count from 0.5.",
    columns: [
      "reporting.v_fuel_events.kind",
      "reporting.v_fuel_events.confidence",
      "reporting.v_fuel_daily.drains",
      "reporting.v_fuel_daily.drained_l",
    ],
  },
  {
    term: "refill",
    also: ["fuelling"],
    meaning:
      "A rise of the fuel level of 7 points or litres and more. A fill is another thing: what was written down at the pump.",
    columns: [
      "reporting.v_fuel_daily.refills",
      "reporting.v_fuel_daily.refilled_l",
      "reporting.v_fuel_fills",
    ],
  },
  {
    term: "ticket visit",
    also: ["visited", "resolved without a visit", "ghost visit"],
    meaning:
      "The vehicle of a ticket stayed within 150 m of its place for 5 minutes between opened and resolved (tracksolid.ticket_rules). `visited` false: it passed or was elsewhere; null: nobody can say.",
    columns: [
      "reporting.v_ticket_visits.visited",
      "reporting.v_ticket_visits.outcome",
      "reporting.v_ticket_visits.confidence",
      "tracksolid.ticket_rules.visit_distance_m",
    ],
  },
  {
    term: "geofence visit",
    also: ["dwell", "time on site"],
    meaning:
      "From the first fix inside a geofence to the last, over midnight and over gaps. Who is outside for `rejoin_s` at most has not left, who was inside for `min_stay_s` at most passed by. `inside_s` is what is known.",
    columns: [
      "reporting.v_geofence_visits.inside_s",
      "reporting.v_geofence_visits.at_most_s",
      "reporting.v_geofences.min_stay_s",
    ],
  },
  {
    term: "insight",
    also: ["what deserves attention", "anomaly"],
    meaning:
      "A fact of a day that a rule with a threshold told, with its figures. People confirm, explain or call it wrong.",
    columns: [
      "reporting.insights.kind",
      "reporting.insights.evidence",
      "reporting.v_insight_verdicts.verdict",
    ],
  },
  {
    term: "service due",
    also: ["maintenance"],
    meaning:
      "The vehicle has driven its service interval since the last service that was noted, by the odometer or by the distances of the days since.",
    columns: ["reporting.fn_service_due", "reporting.v_vehicles.service_interval_km"],
  },
  {
    term: "canary device",
    also: ["test device"],
    meaning:
      "A device that only proves that the pipeline works: in no view or function for reports, but in tables that are computed for every device.",
    columns: ["tracksolid.devices.kind"],
  },
  {
    term: "city, segment, vehicle type, account",
    also: ["grouping"],
    meaning:
      "Those of the vehicle now, also for days long past. City, segment and type are the company's, the account is the vendor's.",
    columns: [
      "reporting.v_vehicles.city",
      "reporting.v_vehicles.segment",
      "reporting.v_vehicles.vehicle_type",
      "reporting.v_vehicles.account",
    ],
  },
];
