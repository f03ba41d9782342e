/**
 * What the earlier system may have called the columns of a table, and what its rows get where they say nothing. Only a few of
 * its names are known (`gps_time`, `source`, `distance_km`, `driving_time_s`, `alarm_type`, `alarm_name`, `alarm_time`,
 * `endpoint`, `run_at`): the others are guesses, of which the database that is adopted confirms some. The plan shows which.
 */
export interface OldNames {
  /** By our column; the first that is there is it. A column of our own name comes before all. */
  names: Record<string, string[]>;
  /** Ours that have to be found, or the table is not what it seems. */
  needed: string[];
  /** SQL over `new` for a row of the earlier system in which ours is still null. Each sees those before it. */
  fills: Record<string, string>;
  /** Defaults of ours that are added where a migration gives none: what rows of long ago have, without being written anew. */
  defaults?: Record<string, string>;
  /** From when to when the facts of a row reach, SQL over its columns: what is derived again. */
  span?: [from: string, to: string];
  /** Told by both, a fact may have another word for a part of our key in theirs. */
  twin?: {
    /** What makes two rows one but for that part, and what does with it: SQL over `t` and `new`. */
    same: string;
    alike: string;
    part: string;
    /** The column of ours that has their word. */
    word: string;
  };
  /** Rows of theirs that are not stored beside ours, SQL over `t` and `new`. */
  refuses?: string;
  /** Clocks by which a row moves forward, each with what moves by it. */
  clocks?: Clock[];
}

/** A time of a row, and the columns that are as it was then. */
export interface Clock {
  time: string;
  columns: string[];
}

/** Fences are told apart by their name alone. */
const IS_OF_FENCE =
  "exists (select from tracksolid.alarm_codes c where c.code = new.canonical_code and c.class = 'fence')";

const RECEIVED = ["created_at", "inserted_at", "ingested_at"];
const RAW = ["raw_data", "raw_json", "raw_payload", "payload"];
const LAT = ["latitude"];
const LNG = ["longitude", "lon"];
const SPEED = ["speed", "gps_speed"];
const READING_TIME = ["recorded_at", "obd_time", "event_time", "gps_time", "time", "ts"];

const reading = (names: OldNames["names"] = {}): OldNames => ({
  names: { reading_time: READING_TIME, received_at: RECEIVED, raw: RAW, ...names },
  needed: ["imei", "reading_time"],
  fills: {
    received_at: "now()",
    // Not the digest of the item as sent, which is gone: no item comes twice over both doors.
    hash: "md5(to_json(new)::text)",
    undated: "false",
    source: "'push'",
  },
  span: ["reading_time", "reading_time"],
});

export const OLD_NAMES: Record<string, OldNames> = {
  "tracksolid.devices": {
    names: {
      account: ["account_name", "target_account", "owner_account"],
      device_name: ["name"],
      model: ["mc_type", "device_model", "device_type"],
      use_scope: ["mc_type_use_scope"],
      remark: ["re_mark"],
      sim: ["sim_number", "sim_no"],
      vehicle_model: ["vehicle_models"],
      plate: ["vehicle_number", "plate_number", "license_plate", "licence_plate"],
      frame_number: ["car_frame"],
      driver_name: ["driver"],
      group_id: ["device_group_id"],
      group_name: ["device_group"],
      customer_name: ["customer"],
      activated_at: ["activation_time", "activation_date"],
      expires_at: ["expiration", "expiration_date", "expire_time"],
      imported_at: ["import_time"],
      vendor_enabled: ["enabled_flag"],
      odometer_km: ["current_mileage_km", "mileage_km"],
      enabled: ["is_active", "active"],
      facts_at: ["updated_at", "last_synced_at"],
      city: ["assigned_city"],
    },
    needed: ["imei"],
    fills: { facts_at: "now()", created_at: "now()", changed_at: "now()" },
  },
  "tracksolid.live_positions": {
    names: {
      fix_at: ["gps_time", "fix_time", "position_time"],
      fix_received_at: ["updated_at", "received_at"],
      contact_at: ["hb_time", "heartbeat_time"],
      lat: LAT,
      lng: LNG,
      speed_kmh: SPEED,
      heading_deg: ["direction", "heading", "course"],
      satellites: ["gps_num"],
      pos_type: ["position_type"],
      ignition: ["acc_status", "acc_on", "acc"],
      gsm_level: ["gps_signal"],
      battery_percent: ["elect_quantity", "battery_level"],
      external_voltage_v: ["external_voltage"],
      odometer_km: ["current_mileage_km", "mileage_km"],
    },
    needed: ["imei", "fix_at", "lat", "lng"],
    fills: {
      fix_received_at: "now()",
      contact_received_at: "case when new.contact_at is not null then now() end",
      changed_at: "now()",
    },
    clocks: [
      {
        time: "fix_at",
        columns: [
          ...[
            "fix_at",
            "fix_received_at",
            "lat",
            "lng",
            "speed_kmh",
            "heading_deg",
            "satellites",
            "pos_type",
          ],
          ...["confidence", "odometer_km"],
        ],
      },
      {
        time: "contact_at",
        columns: [
          ...["contact_at", "contact_received_at", "online", "ignition", "gsm_level", "battery_percent"],
          ...["battery_voltage_v", "external_voltage_v", "temperature_c", "fuel_sensor"],
        ],
      },
    ],
  },
  "tracksolid.position_history": {
    names: {
      lat: LAT,
      lng: LNG,
      speed_kmh: SPEED,
      heading_deg: ["direction", "heading", "course"],
      altitude_m: ["altitude"],
      satellites: ["gps_num"],
      pos_type: ["position_type"],
      ignition: ["acc_status", "acc_on", "acc"],
      odometer_km: ["current_mileage_km", "mileage_km"],
      received_at: RECEIVED,
    },
    needed: ["imei", "gps_time", "lat", "lng", "source"],
    // Rows of long ago have no bit, and source alone says where they come from.
    defaults: { sources: "0", clock_ahead: "false" },
    fills: {
      sources: "case new.source when 'track_list' then 4 when 'push' then 2 else 1 end",
      received_at: "case when tg_op = 'INSERT' then now() end",
      // Of long ago nobody knows when it came.
      clock_ahead: "new.gps_time > now() + interval '10 minutes'",
    },
    span: ["gps_time", "gps_time"],
  },
  "tracksolid.trips": {
    names: {
      end_time: ["stop_time"],
      idle_time_s: ["idle_time", "idle_duration_s"],
      avg_speed_kmh: ["avg_speed", "average_speed_kmh", "average_speed"],
      max_speed_kmh: ["max_speed", "maximum_speed_kmh", "maximum_speed"],
      start_lat: ["start_latitude"],
      start_lng: ["start_longitude", "start_lon"],
      end_lat: ["end_latitude"],
      end_lng: ["end_longitude", "end_lon"],
      start_address: ["start_location"],
      end_address: ["end_location"],
      fuel_l: ["fuel_consumed_l", "fuel_consumption_l"],
      received_at: RECEIVED,
      raw: RAW,
    },
    needed: ["imei", "start_time", "end_time", "distance_km"],
    fills: {
      received_at: "now()",
      source: "'poll'",
      start_cell: "tracksolid.cell_of(new.start_lat, new.start_lng)",
      end_cell: "tracksolid.cell_of(new.end_lat, new.end_lng)",
    },
    span: ["start_time", "end_time"],
    // What we were told later takes the place of those it overlaps; told again, they do not come back.
    refuses:
      "t.imei = new.imei and t.start_time <> new.start_time and t.start_time < new.end_time and t.end_time > new.start_time and t.raw is not null",
  },
  "tracksolid.parking_events": {
    names: {
      end_time: ["stop_time"],
      duration_s: ["duration_seconds", "dur_second", "parking_duration_s", "duration"],
      lat: LAT,
      lng: LNG,
      address: ["addr", "location"],
      received_at: RECEIVED,
      raw: RAW,
    },
    needed: ["imei", "start_time"],
    fills: {
      received_at: "now()",
      // It asked for stays with the ignition off alone.
      acc: "'off'",
      source: "'poll'",
      reported_until:
        "coalesce(new.end_time, new.start_time + make_interval(secs => new.duration_s), new.received_at)",
      cell: "tracksolid.cell_of(new.lat, new.lng)",
    },
    span: ["start_time", "end_time"],
  },
  "tracksolid.alarms": {
    names: {
      lat: LAT,
      lng: LNG,
      speed_kmh: SPEED,
      received_at: RECEIVED,
      raw: RAW,
    },
    needed: ["imei", "alarm_type", "alarm_time"],
    fills: {
      received_at: "now()",
      source: "'poll'",
      sources: "case when new.source = 'push' then 2 else 1 end",
      // As shared/jimi/push/alarm-code.ts has it of what the Open API says.
      code: "case when new.alarm_type::text ~ '^[0-9]+$' then 'jimi:' || ltrim(left(new.alarm_type::text, -1), '0') || right(new.alarm_type::text, 1) else 'word:' || new.alarm_type end",
      canonical_code:
        "coalesce((select c.canonical_code from tracksolid.alarm_codes c where c.code = new.code), new.code)",
      fence_id: `case when ${IS_OF_FENCE} then new.alarm_name end`,
    },
    defaults: { fence_id: "''" },
    span: ["alarm_time", "alarm_time"],
    twin: {
      same: "t.imei = new.imei and t.canonical_code = new.canonical_code and t.alarm_time = new.alarm_time",
      alike: "t.fence_id = new.fence_id or t.alarm_name = new.alarm_name",
      part: "fence_id",
      word: "alarm_name",
    },
  },
  "tracksolid.obd_readings": reading({
    engine_rpm: ["rpm"],
    speed_kmh: SPEED,
    coolant_c: ["coolant_temp", "coolant_temperature"],
    battery_voltage_v: ["battery_voltage"],
    odometer: ["mileage", "total_mileage"],
  }),
  "tracksolid.fuel_readings": reading({ value: ["fuel_level", "fuel"] }),
  "tracksolid.temperature_readings": reading({
    temperature_c: ["temperature"],
    humidity_percent: ["humidity"],
  }),
  "tracksolid.lbs_readings": reading(),
  "tracksolid.heartbeats": {
    names: { gate_time: ["hb_time", "heartbeat_time", ...READING_TIME], received_at: RECEIVED, raw: RAW },
    needed: ["imei", "gate_time"],
    fills: { received_at: "now()", hash: "md5(to_json(new)::text)" },
  },
  "tracksolid.fault_codes": {
    names: {
      fault_time: READING_TIME,
      fault_code: ["code"],
      fault_detail: ["description"],
      received_at: RECEIVED,
      raw: RAW,
    },
    needed: ["imei", "fault_time"],
    fills: { received_at: "now()", hash: "md5(to_json(new)::text)", undated: "false", source: "'push'" },
  },
  "tracksolid.device_events": {
    names: {
      event_time: ["recorded_at", "gate_time", "time", "ts"],
      lat: LAT,
      lng: LNG,
      received_at: RECEIVED,
      raw: RAW,
    },
    needed: ["imei", "event_time"],
    fills: {
      received_at: "now()",
      hash: "md5(to_json(new)::text)",
      kind: "'event'",
      event_type: "'event'",
      undated: "false",
    },
  },
  "tracksolid.ingestion_log": {
    names: { error: ["error_message"], api_calls: ["calls"] },
    needed: ["endpoint", "run_at"],
    fills: { run_id: "gen_random_uuid()::text", duration_ms: "0", success: "new.error is null" },
  },
};

/** Tables without which a database is not one of the earlier system. */
export const EXPECTED = ["devices", "live_positions", "position_history", "trips", "ingestion_log"].map(
  (name) => `tracksolid.${name}`,
);
