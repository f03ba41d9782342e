-- The schema after all migrations. Written by `npm run db:snapshot`; a test compares it.

-- role analytics_ro: login; client_connection_check_interval=2s; default_transaction_read_only=on; idle_in_transaction_session_timeout=60s; idle_session_timeout=5min; jit=off; lock_timeout=5s; max_parallel_workers_per_gather=0; statement_timeout=30s; temp_file_limit=1GB; work_mem=16MB
-- role backup_ro: login; default_transaction_read_only=on; idle_in_transaction_session_timeout=60s; idle_session_timeout=5min; jit=off; lock_timeout=5s; statement_timeout=0
-- role dashboard_ro: login; default_transaction_read_only=on; idle_in_transaction_session_timeout=60s; idle_session_timeout=5min; jit=off; lock_timeout=5s; statement_timeout=30s
-- role ingest_app: login; idle_in_transaction_session_timeout=30s; idle_session_timeout=10min; jit=off; lock_timeout=5s; statement_timeout=30s
-- role tracksolid_owner: login; idle_in_transaction_session_timeout=5min; idle_session_timeout=10min; lock_timeout=10s; statement_timeout=0

-- Fuel that vehicles were filled with. Grain: vehicle and instant, so that the same fill twice is one.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select
table fuel.fills
  imei text not null  -- Vehicle. No foreign key: a fill may name a vehicle that nobody has heard of, or not yet.
  filled_at timestamp with time zone not null  -- When (UTC).
  litres double precision not null  -- Fuel, litres.
  cost numeric  -- What it cost, in currency.
  currency text  -- ISO 4217.
  odometer_km double precision  -- Odometer as it was read at the pump, km.
  station text  -- Where, in the words of who wrote it down.
  raw json not null  -- The row as it was imported last.
  told_at timestamp with time zone not null  -- When it was so (UTC): the last change by the system that has the fills, else the instant of its export. Older exports change nothing.
  fills_check: CHECK (((cost IS NULL) OR (currency IS NOT NULL)))
  fills_cost_check: CHECK (((cost >= (0)::numeric) AND (cost < 'Infinity'::numeric)))
  fills_currency_check: CHECK ((currency ~ '^[A-Z]{3}$'::text))
  fills_filled_at_check: CHECK (isfinite(filled_at))
  fills_imei_check: CHECK ((imei ~ '^[0-9]{14,17}$'::text))
  fills_litres_check: CHECK (((litres > (0)::double precision) AND (litres < 'Infinity'::double precision)))
  fills_odometer_km_check: CHECK (((odometer_km >= (0)::double precision) AND (odometer_km < 'Infinity'::double precision)))
  fills_pkey: PRIMARY KEY (imei, filled_at)
  fills_told_at_check: CHECK (isfinite(told_at))
  CREATE INDEX fills_filled_at_idx ON fuel.fills USING btree (filled_at)

-- Calls of analysts, a row each, whatever became of them. Nothing else keeps what they asked.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select
table private.audit
  id uuid not null  -- Of the call.
  asked_at timestamp with time zone not null  -- When it came (UTC).
  analyst_id text not null  -- Whose token it came with.
  analyst text not null  -- What the analyst was called then.
  tool text not null  -- The tool that was called.
  statement text  -- SQL that the analyst wrote; null for tools that write their own.
  arguments text not null  -- Whatever else the tool was called with, JSON.
  outcome text not null  -- answered; refused: nothing ran; failed: the database ended it.
  reason text  -- Why it was refused or failed: a word of the door, or the SQLSTATE.
  row_count integer  -- Rows of the answer.
  bytes bigint  -- Of these rows as JSON.
  duration_ms integer not null  -- From the call to the answer, with the wait for a turn, ms.
  request_id text not null  -- As the log has it.
  audit_outcome_check: CHECK ((outcome = ANY (ARRAY['answered'::text, 'refused'::text, 'failed'::text])))
  audit_pkey: PRIMARY KEY (id)
  CREATE INDEX audit_analyst ON private.audit USING btree (analyst, asked_at, id) INCLUDE (analyst_id, tool, outcome)
  CREATE INDEX audit_analyst_id ON private.audit USING btree (analyst_id, asked_at, id) INCLUDE (tool, outcome)
  CREATE INDEX audit_asked_at ON private.audit USING btree (asked_at, id) INCLUDE (tool, outcome)

-- What facts that others stored concern: not yet marked in dirty_days.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.changed_elsewhere
  imei text not null  -- Device identity.
  from_time timestamp with time zone not null  -- Time of the fact, or its start (UTC).
  to_time timestamp with time zone not null  -- Its end (UTC).

-- Device syncs in which every account answered sanely: who was not listed since is disabled.
-- owner tracksolid_owner; backup_ro: select; ingest_app: insert, select, update
table private.device_sweep
  only_row boolean not null default true  -- Makes this a one-row table.
  swept_at timestamp with time zone  -- Start of the newest sync that was applied (UTC).
  pending_at timestamp with time zone  -- Start of a sync that waits for its listings to be written (UTC).
  pending_devices integer  -- How many devices it listed.
  device_sweep_only_row_check: CHECK (only_row)
  device_sweep_pkey: PRIMARY KEY (only_row)

-- Days of vehicles whose facts changed since what is derived from them was computed.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.dirty_days
  imei text not null  -- Device identity.
  day date not null  -- Day in the zone of the fleet.
  changed_from timestamp with time zone not null  -- Time of the oldest fact that changed (UTC).
  changed_to timestamp with time zone not null  -- Time of the newest fact that changed (UTC).
  mark xid8 not null  -- Transaction that wrote the last of them: a day marked again meanwhile stays.
  dirty_days_pkey: PRIMARY KEY (imei, day)
  CREATE INDEX dirty_days_mark_idx ON private.dirty_days USING btree (mark, imei, day)

-- Geofences whose visits are to be computed for the whole past, and how far that has come: vehicle by vehicle, each from its oldest hour on.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.dirty_geofences
  geofence_id integer not null  -- Geofence.
  mark xid8 not null  -- Transaction that changed it: what was computed for an older one does not count.
  done_imei text not null default ''::text  -- Vehicle that is being computed; those before it are done.
  done_to timestamp with time zone not null default '-infinity'::timestamp with time zone  -- Up to when that vehicle is done (UTC).
  dirty_geofences_geofence_id_fkey: FOREIGN KEY (geofence_id) REFERENCES tracksolid.geofences(geofence_id) ON DELETE CASCADE
  dirty_geofences_pkey: PRIMARY KEY (geofence_id)

-- Every time the vendor named the driver of a vehicle.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.driver_sightings
  imei text not null  -- Device identity.
  seen_at timestamp with time zone not null  -- When the vendor gave the answer (UTC).
  driver_name text not null  -- Driver as named.
  driver_phone text  -- Phone in the same answer.
  source text not null  -- Kind of the answer: device_detail, device; own: the company named them, and the vendor is not heard until returned, when it gave the naming back.
  driver_sightings_pkey: PRIMARY KEY (imei, seen_at)

-- Runs of jobs that are cut into windows. A row is kept as long as one of ingestion_log.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.job_runs
  id text not null  -- UUIDv7: receipt of the messages it sends, id of its row in ingestion_log.
  job text not null  -- Job name.
  cause text not null  -- tick; request: somebody asked for a span; gaps: holes that were found; second_look: the nightly repeat.
  planned_at timestamp with time zone not null  -- When it was planned (UTC).
  span_from timestamp with time zone  -- Start of the first of its windows (UTC).
  span_to timestamp with time zone  -- End of the last of them (UTC).
  windows integer not null  -- Windows in all.
  windows_left integer not null  -- Of them not ended.
  vehicles integer not null  -- Vehicles in all.
  done integer not null default 0  -- Windows that brought all the vendor has.
  postponed integer not null default 0  -- Windows that could not run now, wholly or in part: they are planned again.
  failed integer not null default 0  -- Windows that failed for one vehicle or more: they are planned again.
  lost integer not null default 0  -- Windows nobody was heard of for too long: another run took over.
  api_calls integer not null default 0  -- Vendor calls, retries included.
  items integer not null default 0  -- Items received.
  ended_at timestamp with time zone  -- When its last window ended (UTC).
  error_code text  -- Class of its first failure, from the closed list.
  error text  -- What failed, for an operator.
  job_runs_cause_check: CHECK ((cause = ANY (ARRAY['tick'::text, 'request'::text, 'gaps'::text, 'second_look'::text])))
  job_runs_pkey: PRIMARY KEY (id)
  CREATE INDEX job_runs_job_planned_at_idx ON private.job_runs USING btree (job, planned_at DESC)
  CREATE INDEX job_runs_open_idx ON private.job_runs USING btree (job) WHERE (ended_at IS NULL)

-- Windows of runs: some vehicles, a span, and how asking for it went.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.job_windows
  run_id text not null  -- The run.
  number integer not null  -- Its number in the run, from 1, oldest span first.
  job text not null  -- Job name.
  account text  -- Account that is asked, where the method wants one.
  imeis json not null  -- Vehicles, as a list.
  from_time timestamp with time zone not null  -- Start of the span (UTC). What is asked for begins a little before.
  to_time timestamp with time zone not null  -- End of the span (UTC).
  sent_at timestamp with time zone  -- When its message went to the queue (UTC); null while it waits for others of its run.
  holder text  -- Who works on it: a delivery of its message.
  taken_at timestamp with time zone  -- Since when (UTC).
  heard_at timestamp with time zone  -- When the holder was last heard of (UTC).
  ended_at timestamp with time zone  -- When it ended (UTC).
  outcome text  -- done, postponed, failed or lost.
  missing json  -- Vehicles whose span it does not cover, as a list; null is none.
  api_calls integer not null default 0  -- Vendor calls, retries included.
  items integer not null default 0  -- Items received.
  error_code text  -- Class of its first failure.
  error text  -- What failed, for an operator.
  job_windows_outcome_check: CHECK ((outcome = ANY (ARRAY['done'::text, 'postponed'::text, 'failed'::text, 'lost'::text])))
  job_windows_pkey: PRIMARY KEY (run_id, number)
  job_windows_run_id_fkey: FOREIGN KEY (run_id) REFERENCES private.job_runs(id) ON DELETE CASCADE
  CREATE INDEX job_windows_open_idx ON private.job_windows USING btree (job) WHERE (ended_at IS NULL)

-- Who runs what, by compare and set: never advisory locks, connections are pooled by transaction.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.leases
  name text not null  -- What is leased, e.g. a job.
  holder text not null  -- Run id of the holder.
  taken_at timestamp with time zone not null  -- When it was taken (UTC).
  expires_at timestamp with time zone not null  -- From then on anybody may take it (UTC).
  leases_pkey: PRIMARY KEY (name)

-- Migrations applied to this database.
-- owner tracksolid_owner; backup_ro: select
table private.migrations
  number integer not null  -- Number of the file.
  file text not null  -- File name when it was applied.
  checksum text not null  -- SHA-256 of the file when it was applied.
  applied_at timestamp with time zone not null default clock_timestamp()  -- When (UTC).
  duration_ms integer not null  -- How long it took, ms.
  migrations_pkey: PRIMARY KEY (number)

-- Every field that an item of a push has had, by kind of push: what the vendor adds shows here first. Grain: kind and field.
-- owner tracksolid_owner; backup_ro: select; ingest_app: insert, select, update
table private.push_fields
  kind text not null  -- What the items are, as in receipts.
  field text not null  -- Name of the field, at the top of the item.
  first_seen_at timestamp with time zone not null  -- When an item with it was first received (UTC).
  push_fields_pkey: PRIMARY KEY (kind, field)

-- Receipts older than three days, added up by hour. Which messages they were stays known, so that gaps stay visible.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.receipt_hours
  producer text not null  -- The isolate that sent the messages.
  hour timestamp with time zone not null  -- Hour in which they were received (UTC).
  kind text not null  -- What their items are.
  numbers int8multirange not null  -- Their numbers.
  item_numbers int8multirange not null  -- Numbers of their items, counted from 0 over all messages of the producer.
  messages integer not null  -- How many messages.
  deliveries integer not null  -- Their successful deliveries.
  items bigint not null  -- Their items.
  written bigint not null  -- Of the items those that changed a row.
  duplicate bigint not null  -- Of the items those that brought nothing new.
  rejected bigint not null  -- Of the items those that could not become records.
  delivered_at timestamp with time zone not null  -- First delivery among them (UTC).
  receipt_hours_pkey: PRIMARY KEY (producer, hour, kind)
  CREATE INDEX receipt_hours_hour_idx ON private.receipt_hours USING btree (hour)

-- One row per queue message: what it held and how often it was delivered.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.receipts
  producer text not null  -- The isolate that sent the message.
  sequence bigint not null  -- Its number there, from 1; a gap is a lost message.
  receipt text not null  -- Run or body the items came from (UUIDv7).
  source text not null  -- poll, or push.
  kind text not null  -- What the items are.
  account text  -- Account the items came from.
  received_at timestamp with time zone not null  -- When the vendor answered (UTC).
  items_before bigint not null  -- Items in all earlier messages of the producer: a gap tells how many items were lost.
  part integer not null default 1  -- Which part of the body or answer it was, from 1.
  parts integer not null default 1  -- In how many parts the body or answer travelled.
  items integer not null  -- Items in the message.
  written integer not null default 0  -- Of the items those that changed a row, at the first delivery.
  duplicate integer not null default 0  -- Of the items those that brought nothing new, at the first delivery.
  rejected integer not null  -- Of them rejected, at the first delivery.
  outcomes text not null  -- A letter an item: w written, d duplicate, r rejected.
  reasons json  -- Why items were rejected, by item number.
  delivered_at timestamp with time zone not null  -- First successful delivery (UTC).
  deliveries integer not null default 1  -- Successful deliveries.
  receipts_pkey: PRIMARY KEY (producer, sequence)
  CREATE INDEX receipts_receipt_idx ON private.receipts USING btree (receipt)
  CREATE INDEX receipts_received_at_idx ON private.receipts USING btree (received_at)

-- Items that could not become records, as sent, with the reason.
-- owner tracksolid_owner; backup_ro: select; ingest_app: delete, insert, select, update
table private.rejected_items
  producer text not null  -- Message id, first half.
  sequence bigint not null  -- Message id, second half.
  item_number integer not null  -- Position in the message, from 0.
  kind text not null  -- Kind of the message.
  account text  -- Account it came from.
  imei text  -- Device, where it could be read.
  reason text not null  -- Reason from the closed list.
  detail text not null  -- What exactly was wrong.
  item text not null  -- The item as JSON text.
  path text  -- Path of the push that held it: with it the item can be parsed again as it came.
  received_at timestamp with time zone not null  -- When the vendor answered (UTC).
  redriven_at timestamp with time zone  -- When the item became a record after all (UTC).
  digest text generated as md5((reason || item))  -- Same reason and same item: the same rejection.
  rejected_items_pkey: PRIMARY KEY (producer, sequence, item_number)
  CREATE INDEX rejected_items_received_at_idx ON private.rejected_items USING btree (received_at, producer, sequence, item_number)
  CREATE UNIQUE INDEX rejected_items_digest_idx ON private.rejected_items USING btree (digest) WHERE (redriven_at IS NULL)

-- How far the ways of a day are among the roads: up to a version of day_versions, and within it a vehicle. Grain: day.
-- owner tracksolid_owner; backup_ro: select; ingest_app: insert, select, update
table private.road_days
  day date not null  -- Day in the fleet's zone.
  version bigint not null  -- Days of vehicles with a version up to this are taken, of this one the vehicles up to imei.
  imei text not null  -- The vehicle taken last.
  is_whole boolean not null  -- It was begun anew once the day was over; before, only what was new of it was read.
  taken_at timestamp with time zone  -- Start of the last run that left nothing of it (UTC); null: none did yet.
  road_days_pkey: PRIMARY KEY (day)

-- A row per vehicle that a batch locks until it commits, where what it writes of the vehicle depends on what others write: the end of an alarm, trips that must not overlap.
-- owner tracksolid_owner; backup_ro: select; ingest_app: insert, select, update
table private.vehicle_turns
  imei text not null  -- Device identity.
  vehicle_turns_pkey: PRIMARY KEY (imei)

-- How often a vehicle warned of the same thing on a day of the fleet's zone. Computed with vehicle_day.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.alarm_day
  imei text not null  -- Device identity.
  day date not null  -- Day in the fleet's zone.
  canonical_code text not null  -- Code of the event, from alarm_codes.
  alarms integer not null  -- Alarms that began on the day.
  alarm_day_pkey: PRIMARY KEY (imei, day, canonical_code)
  CREATE INDEX alarm_day_day_idx ON reporting.alarm_day USING btree (day, canonical_code)

-- A push of the canary device each minute, and what became of it. Grain: minute. A minute without a row had no run, or could not be written.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.canary_runs
  minute timestamp with time zone not null  -- Minute in which it was sent (UTC).
  taken_ms integer  -- How long the push door took to answer with success, ms; null where it did not.
  mapped_ms integer  -- How long it took from before the push until the live map had the fix, ms; null where that was not seen in time.
  version text not null  -- Version of the Worker.
  canary_runs_pkey: PRIMARY KEY (minute)

-- Of the time a vehicle was under way, how much is known. Hours in which it was not have no row. Computed from the fixes.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.coverage_hours
  imei text not null  -- Device identity.
  hour timestamp with time zone not null  -- Start of the hour (UTC).
  have_s integer not null  -- Under way with fixes close enough, s.
  recovered_s integer not null  -- The same within a gap that was filled later, s.
  missing_s integer not null  -- Moved without fixes, s.
  coverage_hours_pkey: PRIMARY KEY (imei, hour)
  CREATE INDEX coverage_hours_hour_idx ON reporting.coverage_hours USING btree (hour)

-- When what is known of a day of a vehicle was last computed. Who keeps a copy asks for the days above the version it has.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.day_versions
  imei text not null  -- Device identity.
  day date not null  -- Day in the fleet's zone.
  version bigint not null  -- From newest_version.
  day_versions_pkey: PRIMARY KEY (imei, day)
  CREATE INDEX day_versions_day_idx ON reporting.day_versions USING btree (day, version)
  CREATE INDEX day_versions_version_idx ON reporting.day_versions USING btree (version)

-- What a driver did with a vehicle on a day of the fleet's zone: the time of the day in which they were assigned to it. Who had two vehicles has two rows. Computed with vehicle_day.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.driver_day
  imei text not null  -- Device identity.
  day date not null  -- Day in the fleet's zone.
  driver_name text not null  -- Driver as the vendor or the company names them.
  moving_s integer not null  -- Under way, s.
  idling_s integer not null  -- Standing with the ignition on, s.
  parked_s integer not null  -- Standing with the ignition not on, s.
  distance_km double precision  -- The vehicle's distance that counts, km; on a day of several drivers the part of their way from fix to fix, or of their trips where no fix tells. Null where none is known.
  trips integer not null  -- Trips that began meanwhile.
  max_speed_kmh real  -- Highest speed of a fix, km/h.
  first_ignition_at timestamp with time zone  -- First instant with the ignition on (UTC).
  last_ignition_at timestamp with time zone  -- Last instant with the ignition on (UTC).
  first_moving_at timestamp with time zone  -- First instant under way (UTC).
  last_moving_at timestamp with time zone  -- Last instant under way (UTC).
  alarms integer not null  -- Alarms of any kind.
  speeding_events integer not null  -- Alarms of the class speed.
  harsh_events integer not null  -- Alarms of harsh driving (alarm_codes.harsh).
  driver_day_pkey: PRIMARY KEY (imei, day, driver_name)
  CREATE INDEX driver_day_day_idx ON reporting.driver_day USING btree (day, driver_name)

-- Steps of a fuel level that use does not explain, computed from readings and fixes for days that changed. Grain: vehicle, sensor and step. workers/derive/fuel-events.sql has the rules; v_fuel_events has litres.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.fuel_events
  imei text not null  -- Device identity.
  at timestamp with time zone not null  -- First reading after the step (UTC).
  source text not null  -- sensor: a fuel sensor; obd: the vehicle's own bus.
  sensor text not null  -- Sensor or channel; empty where the vehicle has one.
  unit_code text not null  -- Unit of the levels as sent, in small letters; fuel_units says what it means.
  kind text not null  -- refill: the level rose; drain: it fell.
  before_at timestamp with time zone not null  -- Last reading before the step (UTC): it happened between the two.
  from_level double precision not null  -- Median of the readings of the quarter of an hour before.
  to_level double precision not null  -- Median of the readings of the quarter of an hour after.
  unexplained double precision not null  -- How much of the step use does not explain: of a drain 0.4 points or litres a kilometre are taken for use. In the unit of the levels.
  standing boolean  -- A fix of the time shows the vehicle standing; false where it only drove, null without a fix.
  driven_km double precision not null  -- How far it drove meanwhile, a quarter of an hour on either side included, from fix to fix, km.
  lat double precision  -- Where it was, by the nearest fix: latitude, WGS-84 degrees.
  lng double precision  -- Longitude, WGS-84 degrees.
  confidence real not null  -- From 0 to 1: 0.3 for what is unexplained of it (none at 7 points or litres, all at 21), 0.2 for readings (all at three on either side), 0.3 for standing (half where unknown), 0.2 for how little they vary; of all that 0.3 where the level came back within half an hour. A formula, not a probability.
  doubts text  -- What lowers the confidence, in words; null is nothing.
  fuel_events_confidence_check: CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision)))
  fuel_events_kind_check: CHECK ((kind = ANY (ARRAY['refill'::text, 'drain'::text])))
  fuel_events_pkey: PRIMARY KEY (imei, at, source, sensor)
  fuel_events_source_check: CHECK ((source = ANY (ARRAY['sensor'::text, 'obd'::text])))
  CREATE INDEX fuel_events_at_idx ON reporting.fuel_events USING btree (at)

-- Days whose insights are kept; of any other they are made when somebody asks.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table reporting.insight_days
  day date not null  -- Day in the fleet's zone.
  version bigint not null  -- Days of vehicles with a version (day_versions) up to this were all seen.
  told_at timestamp with time zone not null  -- When they were last made (UTC).
  insight_days_pkey: PRIMARY KEY (day)

-- The kinds of insights. docs/insights.md has their rules.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: select
table reporting.insight_kinds
  kind text not null  -- As in insights.kind.
  subject_type text not null  -- What one is about: vehicle, driver or ticket.
  is_of_now boolean not null  -- It rests on what only the newest is kept of (contacts, positions, odometers): judged for today and yesterday alone, and once told it stays.
  meaning text not null  -- What it says.
  insight_kinds_pkey: PRIMARY KEY (kind)
  insight_kinds_subject_type_check: CHECK ((subject_type = ANY (ARRAY['vehicle'::text, 'driver'::text, 'ticket'::text])))

-- What people said of insights. Of an insight the newest counts; all are kept, none is changed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select
table reporting.insight_remarks
  remark_id text not null  -- UUIDv7: sorts by time.
  insight_id text not null  -- Insight.
  verdict text not null  -- confirmed, explained or wrong.
  note text not null  -- In words.
  until_day date  -- Of an explanation of more than this insight: its last day.
  applies_to text not null  -- this insight alone, or others of its subject and kind, too.
  key_id text not null  -- Id of the API key that wrote it.
  remarked_at timestamp with time zone not null  -- When (UTC).
  insight_remarks_applies_to_check: CHECK ((applies_to = ANY (ARRAY['this'::text, 'subject-and-kind'::text])))
  insight_remarks_pkey: PRIMARY KEY (remark_id)
  insight_remarks_verdict_check: CHECK ((verdict = ANY (ARRAY['confirmed'::text, 'explained'::text, 'wrong'::text])))
  CREATE INDEX insight_remarks_insight_idx ON reporting.insight_remarks USING btree (insight_id, remark_id)
  CREATE INDEX insight_remarks_until_day_idx ON reporting.insight_remarks USING btree (until_day)

-- What was told of days. Grain: kind, subject and day. One that holds no longer, as facts came late, is withdrawn and stays.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table reporting.insights
  id text not null  -- Day, kind and MD5 of the subject: the same fact has the same id.
  day date not null  -- Day in the fleet's zone.
  kind text not null  -- As in insight_kinds.
  subject_type text not null  -- vehicle, driver or ticket.
  subject text not null  -- IMEI, name of the driver, or kind and number of the ticket.
  subject_name text not null  -- What people call it.
  imei text  -- The vehicle concerned; null where none is known.
  driver text  -- Who drove at the time; null where none is known.
  severity text not null  -- low, medium or high.
  title text not null  -- It in one sentence.
  why text not null  -- Figures, and the threshold with where it comes from.
  evidence jsonb not null  -- The figures; units are at the end of their names.
  links jsonb not null  -- Paths of the API that show them.
  told_at timestamp with time zone not null  -- When it was first told (UTC).
  changed_at timestamp with time zone not null  -- When anything of it last changed (UTC).
  withdrawn_at timestamp with time zone  -- Since when it holds no longer (UTC).
  insights_pkey: PRIMARY KEY (id)
  insights_severity_check: CHECK ((severity = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text])))
  CREATE INDEX insights_day_idx ON reporting.insights USING btree (day)

-- The newest version of day_versions. Its row is held until the transaction that took a version ends, so they become visible in their order.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: select, update
table reporting.newest_version
  only_row boolean not null default true  -- Makes this a one-row table.
  version bigint not null  -- Grows; about the ms since 1970 at which it was given.
  newest_version_only_row_check: CHECK (only_row)
  newest_version_pkey: PRIMARY KEY (only_row)

-- The roads that the fleet has driven, as faint lines for maps (/v1/tiles/tracks), whoever drove them. Grain: level and tile. A road that nobody drove for a year goes.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.road_tiles
  level smallint not null  -- Zoom of the tile: 12 has every road, 9, 6 and 3 ever fewer.
  x integer not null  -- Column of the tile, from the west.
  y integer not null  -- Row of the tile, from the north.
  roads bytea not null  -- Lines as protocol buffers (workers/roads/packed.ts), in 16384ths of the tile, each with the last day it was driven on, to a week.
  oldest_day date not null  -- The last day of the road that was not driven for longest.
  version bigint not null  -- Grows; about the ms since 1970 of the last change.
  road_tiles_pkey: PRIMARY KEY (level, x, y)

-- What a vehicle did on a day of the fleet's zone, computed again whenever its facts change. A day of which nothing is known has no row: unknown, not zero.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.vehicle_day
  imei text not null  -- Device identity.
  day date not null  -- Day in the fleet's zone.
  moving_s integer not null  -- Under way, s.
  idling_s integer not null  -- Standing with the ignition on, s.
  parked_s integer not null  -- Standing with the ignition not on, s.
  unknown_s integer not null  -- The rest of the day, s: moved without fixes, not heard of, or yet to come. The four add up to the day.
  distance_km double precision  -- The distance that counts, km; null where none is known.
  distance_source text  -- Which it is: odometer, where it did not break, else vendor, of which either has to have four fifths of gps_km; else gps.
  odometer_km double precision  -- By the odometer, km; null where it has no two readings.
  odometer_breaks integer not null  -- How often the odometer ran back or jumped.
  gps_km double precision  -- From fix to fix while under way, km; straight over gaps. Null without fixes.
  vendor_km double precision  -- By the vendor's trips, km; of a trip over midnight the part of its time. Null without trips.
  trips integer not null  -- Trips that began on the day.
  fixes integer not null  -- Fixes of satellites, but for the newest of all: what it did then is not known yet.
  max_speed_kmh real  -- Highest speed of a fix, km/h.
  first_ignition_at timestamp with time zone  -- First instant with the ignition on (UTC).
  last_ignition_at timestamp with time zone  -- Last instant with the ignition on (UTC).
  first_moving_at timestamp with time zone  -- First instant under way (UTC).
  last_moving_at timestamp with time zone  -- Last instant under way (UTC).
  known_to timestamp with time zone  -- Up to when it is known what it did (UTC): the newest fix or, with the ignition off, the last contact; at most an hour behind it.
  alarms integer not null  -- Alarms of any kind.
  speeding_events integer not null  -- Alarms of the class speed.
  harsh_events integer not null  -- Alarms of harsh driving (alarm_codes.harsh).
  fuel_l real  -- Fuel used by the vendor's trips that began on the day, l; null where none told.
  vehicle_day_distance_source_check: CHECK ((distance_source = ANY (ARRAY['odometer'::text, 'vendor'::text, 'gps'::text])))
  vehicle_day_pkey: PRIMARY KEY (imei, day)
  CREATE INDEX vehicle_day_day_idx ON reporting.vehicle_day USING btree (day)

-- What a vehicle did in an hour, computed from its fixes. An hour that lies between no two of them, or in a gap of a day and more, has no row: unknown, not zero.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table reporting.vehicle_hour
  imei text not null  -- Device identity.
  hour timestamp with time zone not null  -- Start of the hour of the fleet's zone (UTC).
  moving_s integer not null  -- Under way, s.
  idling_s integer not null  -- Standing with the ignition on, s.
  parked_s integer not null  -- Standing with the ignition not on, s. What is left of the hour is unknown.
  gps_km double precision not null  -- From fix to fix while under way, km; straight over gaps: shared out by time, over those of a day and more in the hour in which they ended.
  odometer_km double precision  -- By the odometer, km; null where it has no two readings.
  odometer_breaks integer not null  -- How often the odometer ran back or jumped; those steps are not in odometer_km.
  fixes integer not null  -- Fixes of satellites, but for the newest of all: what it did then is not known yet.
  max_speed_kmh real  -- Highest speed of a fix, km/h.
  first_ignition_at timestamp with time zone  -- First instant with the ignition on (UTC).
  last_ignition_at timestamp with time zone  -- Last instant with the ignition on (UTC).
  first_moving_at timestamp with time zone  -- First instant under way (UTC).
  last_moving_at timestamp with time zone  -- Last instant under way (UTC).
  known_to timestamp with time zone  -- Up to when it is known what it did (UTC).
  vehicle_hour_pkey: PRIMARY KEY (imei, hour)
  CREATE INDEX vehicle_hour_hour_idx ON reporting.vehicle_hour USING btree (hour)

-- Change requests (CRQ). Grain: change request.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; ingest_app: insert, select, update
table tickets.change_requests
  number text not null  -- Number of the ticket.
  state text  -- State, in the words of the system that has the tickets.
  priority text  -- Priority, in its words.
  area text  -- Area or site, in its words.
  lat double precision  -- Latitude of the place, WGS-84 degrees; null where none is known.
  lng double precision  -- Longitude of the place, WGS-84 degrees; null where none is known.
  opened_at timestamp with time zone not null  -- When it was opened (UTC).
  due_at timestamp with time zone  -- By when it is to be resolved (UTC).
  resolved_at timestamp with time zone  -- When it was resolved (UTC); null while it is not, also once it was opened again.
  driver_name text  -- Driver it is assigned to, as the vendor names them; capitals do not matter.
  imei text  -- Vehicle it is assigned to. No foreign key: a ticket may name a vehicle that nobody has heard of, or not yet.
  raw json not null  -- The row as it was imported last.
  told_at timestamp with time zone not null  -- When it was so (UTC): the last change by the system that has the tickets, else the instant of its export. Older exports change nothing.
  change_requests_check: CHECK (((lat IS NULL) = (lng IS NULL)))
  change_requests_check1: CHECK ((resolved_at >= opened_at))
  change_requests_due_at_check: CHECK (isfinite(due_at))
  change_requests_imei_check: CHECK ((imei ~ '^[0-9]{14,17}$'::text))
  change_requests_lat_check: CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision)))
  change_requests_lng_check: CHECK (((lng >= ('-180'::integer)::double precision) AND (lng <= (180)::double precision)))
  change_requests_number_check: CHECK (((number = btrim(number)) AND (number <> ''::text)))
  change_requests_opened_at_check: CHECK (isfinite(opened_at))
  change_requests_pkey: PRIMARY KEY (number)
  change_requests_resolved_at_check: CHECK (isfinite(resolved_at))
  change_requests_told_at_check: CHECK (isfinite(told_at))
  CREATE INDEX change_requests_open_idx ON tickets.change_requests USING btree (opened_at, number) WHERE (resolved_at IS NULL)
  CREATE INDEX change_requests_opened_at_idx ON tickets.change_requests USING btree (opened_at)

-- Incidents (INC). Grain: incident.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; ingest_app: insert, select, update
table tickets.incidents
  number text not null  -- Number of the ticket.
  state text  -- State, in the words of the system that has the tickets.
  priority text  -- Priority, in its words.
  area text  -- Area or site, in its words.
  lat double precision  -- Latitude of the place, WGS-84 degrees; null where none is known.
  lng double precision  -- Longitude of the place, WGS-84 degrees; null where none is known.
  opened_at timestamp with time zone not null  -- When it was opened (UTC).
  due_at timestamp with time zone  -- By when it is to be resolved (UTC).
  resolved_at timestamp with time zone  -- When it was resolved (UTC); null while it is not, also once it was opened again.
  driver_name text  -- Driver it is assigned to, as the vendor names them; capitals do not matter.
  imei text  -- Vehicle it is assigned to. No foreign key: a ticket may name a vehicle that nobody has heard of, or not yet.
  raw json not null  -- The row as it was imported last.
  told_at timestamp with time zone not null  -- When it was so (UTC): the last change by the system that has the tickets, else the instant of its export. Older exports change nothing.
  incidents_check: CHECK (((lat IS NULL) = (lng IS NULL)))
  incidents_check1: CHECK ((resolved_at >= opened_at))
  incidents_due_at_check: CHECK (isfinite(due_at))
  incidents_imei_check: CHECK ((imei ~ '^[0-9]{14,17}$'::text))
  incidents_lat_check: CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision)))
  incidents_lng_check: CHECK (((lng >= ('-180'::integer)::double precision) AND (lng <= (180)::double precision)))
  incidents_number_check: CHECK (((number = btrim(number)) AND (number <> ''::text)))
  incidents_opened_at_check: CHECK (isfinite(opened_at))
  incidents_pkey: PRIMARY KEY (number)
  incidents_resolved_at_check: CHECK (isfinite(resolved_at))
  incidents_told_at_check: CHECK (isfinite(told_at))
  CREATE INDEX incidents_open_idx ON tickets.incidents USING btree (opened_at, number) WHERE (resolved_at IS NULL)
  CREATE INDEX incidents_opened_at_idx ON tickets.incidents USING btree (opened_at)

-- When the vendor named another owner of a device than before. Written by a trigger on devices; the registry keeps the newest owner alone.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.account_changes
  imei text not null  -- Device identity.
  changed_at timestamp with time zone not null  -- When the vendor first named the new owner (UTC).
  from_account text not null  -- Owner before.
  to_account text not null  -- Owner since.
  account_changes_pkey: PRIMARY KEY (imei, changed_at)
  CREATE INDEX account_changes_changed_at_idx ON tracksolid.account_changes USING btree (changed_at)

-- Accounts that the vendor lists below the polled ones. One that is not polled itself brings no devices: an operator adds it to TRACKSOLID_TARGETS, or leaves it. Nothing personal is kept.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.accounts
  account text not null  -- Login name.
  parent text not null  -- The account below which it was listed.
  name text  -- Display name.
  type smallint  -- Vendor type: 3 app user, 8 distributor, 9 ordinary user, 10 ordinary distributor, 11 sales.
  enabled boolean  -- Vendor enabledFlag.
  listed_at timestamp with time zone not null  -- When it was last listed (UTC): one that is gone stays, with the day it was last seen.
  accounts_pkey: PRIMARY KEY (account)

-- Known alarm codes, what they are called, and which mean the same. A code that is not here stands for itself.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.alarm_codes
  code text not null  -- Code with its list: jimi:48, jt:265.2 (subtype behind the dot), word:overSpeed.
  canonical_code text not null  -- The code that all codes of the same event share.
  name text not null  -- Name in English.
  class text not null  -- What it is about: adas, collision, device, door, driver, driving, engine, fence, fuel, ignition, other, parking, power, security, sensor, signal, sos, speed, temperature.
  harsh boolean not null default false  -- Counts as harsh driving: acceleration, braking, cornering, a lane change too sudden.
  alarm_codes_pkey: PRIMARY KEY (code)

-- That an alarm ended. An end may come before its alarm does.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.alarm_ends
  imei text not null  -- Device identity.
  canonical_code text not null  -- Code of the event, as in alarms.
  fence_id text not null default ''::text  -- Fence it is about, '' where none is.
  ended_at timestamp with time zone not null  -- When it ended (UTC).
  code text not null  -- Code as first reported.
  source text not null  -- First origin: poll or push.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  alarm_ends_pkey: PRIMARY KEY (imei, canonical_code, fence_id, ended_at)
  alarm_ends_source_check: CHECK ((source = ANY (ARRAY['poll'::text, 'push'::text])))

-- Alarms, each once, whether polled or pushed and under whichever of equal codes.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.alarms
  imei text not null  -- Device identity.
  canonical_code text not null  -- Code of the event, from alarm_codes; a code that is not there stands for itself.
  fence_id text not null default ''::text  -- Fence it is about, '' where none is: two fences may be left at once.
  alarm_time timestamp with time zone not null  -- When it began (UTC).
  code text not null  -- Code as first reported, with its list: jimi:48, jt:265.2, word:overSpeed.
  alarm_type text not null  -- Code as first sent: a number as text, or a word.
  alarm_name text  -- Name as sent, else as in alarm_codes. Platform fences have their name in it.
  lat double precision  -- Latitude, WGS-84 degrees.
  lng double precision  -- Longitude, WGS-84 degrees.
  speed_kmh real  -- Speed, km/h.
  msg_class smallint  -- Code list of a pushed code: 0 JIMI, 1 JT/T 808. The same number means different things.
  level smallint  -- JT/T alarm level, 1 or 2.
  alert_value text  -- Measured value of a threshold alarm, as sent.
  file_names text  -- Media of the alarm, as sent.
  ended_at timestamp with time zone  -- First end reported at or after its start and before the next alarm of the same kind (UTC).
  source text not null  -- First origin: poll or push.
  sources smallint not null  -- Every origin: bit 1 poll, 2 push.
  raw json not null  -- The item as first sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  alarms_pkey: PRIMARY KEY (imei, canonical_code, fence_id, alarm_time)
  alarms_source_check: CHECK ((source = ANY (ARRAY['poll'::text, 'push'::text])))
  CREATE INDEX alarms_alarm_time_idx ON tracksolid.alarms USING btree (alarm_time)
  CREATE INDEX alarms_imei_alarm_time_idx ON tracksolid.alarms USING btree (imei, alarm_time)

-- Times in which a vehicle has, or may have, moved without our knowing where: found, asked for, and what came.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.coverage_gaps
  imei text not null  -- Device identity.
  gap_from timestamp with time zone not null  -- The last fix before it, or when the ingest went down (UTC).
  gap_to timestamp with time zone not null  -- The first fix after it, the last contact, or when the ingest was back (UTC).
  reason text not null  -- moved: two fixes too far apart in time are apart in space; ingest_down: nothing was polled; contact_only: the device was heard of under way, without fixes.
  state text not null default 'open'::text  -- open; filled: fixes came; none: the vendor has none.
  points integer  -- Fixes that came; null while open.
  found_at timestamp with time zone not null  -- When it was found (UTC).
  tries smallint not null default 0  -- How often it was asked for.
  asked_run text  -- Run that asks for it; null when nobody does.
  next_try_at timestamp with time zone  -- When it is asked for next (UTC); null: never again.
  closed_at timestamp with time zone  -- When it was filled, or first found that the vendor has none (UTC).
  coverage_gaps_check: CHECK ((gap_to > gap_from))
  coverage_gaps_pkey: PRIMARY KEY (imei, gap_from)
  coverage_gaps_reason_check: CHECK ((reason = ANY (ARRAY['moved'::text, 'ingest_down'::text, 'contact_only'::text])))
  coverage_gaps_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'filled'::text, 'none'::text])))
  CREATE INDEX coverage_gaps_asked_idx ON tracksolid.coverage_gaps USING btree (asked_run) WHERE (asked_run IS NOT NULL)
  CREATE INDEX coverage_gaps_time_idx ON tracksolid.coverage_gaps USING btree (gap_to, gap_from)
  CREATE INDEX coverage_gaps_to_try_idx ON tracksolid.coverage_gaps USING btree (next_try_at) WHERE (next_try_at IS NOT NULL)

-- Whatever else devices and the platform push: log-ins, files, commands, cards, serial data, and what we do not know yet.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.device_events
  imei text not null  -- Device identity, '' where the push names none.
  event_time timestamp with time zone not null  -- When it happened (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  kind text not null  -- What the push was: the vendor's path in lower case, or push_other.
  event_type text not null  -- What happened: LOGIN, LOGOUT, UploadAlarmFileEnd; the kind where the item does not say.
  path text  -- Path that the push came to.
  channel text  -- Camera or data channel.
  file_names text  -- Media or files, as sent.
  instruction_id text  -- Command that this answers.
  outcome text  -- Result as sent: SUCCESS, FAILURE, a number.
  card text  -- Card that was swiped.
  mac text  -- Bluetooth MAC.
  content text  -- Payload as sent, at most 500 characters; raw has all of it.
  lat double precision  -- Latitude, WGS-84 degrees.
  lng double precision  -- Longitude, WGS-84 degrees.
  undated boolean not null  -- The item had no readable time: the row has that of its receipt.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  device_events_pkey: PRIMARY KEY (imei, event_time, hash)
  CREATE INDEX device_events_event_time_idx ON tracksolid.device_events USING btree (event_time)

-- Device groups by their id: a device may come with the id alone.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.device_groups
  group_id text not null  -- Vendor id of the group, as in devices.group_id.
  account text  -- Account whose group it is.
  name text not null  -- Its name.
  listed_at timestamp with time zone not null  -- When it was last listed (UTC).
  device_groups_pkey: PRIMARY KEY (group_id)

-- One row per tracking device. Vendor fields come from the device list, the device detail and, for a device nobody listed yet, its first position.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.devices
  imei text not null  -- Device identity, digits as text.
  account text  -- Owning Tracksolid account, as the detail or a position names it; the listed account only until then.
  account_at timestamp with time zone  -- When the vendor first named this owner (UTC): an older answer does not change it.
  device_name text  -- Vendor deviceName: free text, often holds plate and driver.
  model text  -- Vendor mcType, e.g. GT06N.
  use_scope text  -- Vendor mcTypeUseScope, e.g. automobile.
  sim text  -- SIM phone number.
  iccid text  -- SIM card number.
  imsi text  -- Subscriber number of the SIM.
  remark text  -- Vendor reMark.
  vehicle_name text  -- Vendor vehicleName.
  vehicle_icon text  -- Vendor vehicleIcon, e.g. truck.
  vehicle_model text  -- Vendor vehicleModels.
  vehicle_brand text  -- Vendor vehicleBrand.
  plate text  -- Licence plate that counts: own_plate, else vehicleNumber, else licensePlatNo.
  vin text  -- Vehicle identification number, from the detail.
  frame_number text  -- Vendor carFrame.
  engine_number text  -- Vendor engineNumber.
  driver_name text  -- Driver that counts: own_driver_name, else as the device detail names them (the list always says null).
  driver_phone text  -- Phone of the driver that counts: own_driver_phone, else from the detail.
  group_id text  -- Vendor device group id.
  group_name text  -- Vendor device group.
  customer_name text  -- Display name of the owning account.
  fuel_l_per_100_km double precision  -- Nominal consumption, litres per 100 km.
  odometer_km double precision  -- Odometer at the last detail, km.
  activated_at timestamp with time zone  -- Activation at the vendor (UTC).
  expires_at timestamp with time zone  -- End of the vendor platform subscription (UTC).
  imported_at timestamp with time zone  -- When the vendor imported the device (UTC).
  vendor_enabled boolean  -- Vendor enabledFlag.
  kind text not null default 'vehicle'::text  -- vehicle, or canary (a device that only proves the pipeline works).
  city text  -- Home city. Ours, never the vendor's.
  segment text  -- Business segment. Ours.
  vehicle_type text  -- Vehicle class. Ours.
  shift text  -- Shift of its driver, as in shifts. Ours.
  own_plate text  -- Licence plate where it is not the vendor's to say. Ours.
  own_driver_name text  -- Driver where it is not the vendor's to say. Ours.
  own_driver_phone text  -- Their phone. Ours.
  own_fuel_l_per_100_km real  -- Consumption where it differs from its type's, litres per 100 km. Ours.
  own_tank_l real  -- What the tank holds where it differs from its type's, litres. Ours.
  own_service_interval_km real  -- Service interval where it differs from its type's, km. Ours.
  hidden_on_map boolean not null default false  -- Left out of the live map. Ours.
  enabled boolean not null default true  -- False once every account answered and none lists the device any more; true again when it returns.
  registered_by text  -- What named the device first: list (device sync), poll (a position) or push. Null: by hand, or before this was noted.
  listed_at timestamp with time zone  -- Start of the newest device sync that listed it (UTC).
  detailed_at timestamp with time zone  -- When the newest detail was received (UTC).
  facts_at timestamp with time zone not null  -- When the vendor gave the newest facts that changed the row (UTC): an older answer only fills nulls.
  created_at timestamp with time zone not null  -- When the device was first heard of (UTC).
  changed_at timestamp with time zone not null  -- When any column last changed (UTC).
  devices_imei_check: CHECK ((imei ~ '^[0-9]{14,17}$'::text))
  devices_kind_check: CHECK ((kind = ANY (ARRAY['vehicle'::text, 'canary'::text])))
  devices_own_driver_check: CHECK (((own_driver_name IS NOT NULL) OR (own_driver_phone IS NULL)))
  devices_own_fuel_l_per_100_km_check: CHECK ((own_fuel_l_per_100_km > (0)::double precision))
  devices_own_service_interval_km_check: CHECK ((own_service_interval_km > (0)::double precision))
  devices_own_tank_l_check: CHECK ((own_tank_l > (0)::double precision))
  devices_pkey: PRIMARY KEY (imei)
  devices_registered_by_check: CHECK ((registered_by = ANY (ARRAY['list'::text, 'poll'::text, 'push'::text])))
  CREATE INDEX devices_account_idx ON tracksolid.devices USING btree (account) WHERE enabled
  CREATE TRIGGER keep_own_facts BEFORE INSERT OR UPDATE ON tracksolid.devices FOR EACH ROW EXECUTE FUNCTION tracksolid.keep_own_facts()
  CREATE TRIGGER note_account_change AFTER UPDATE OF account ON tracksolid.devices FOR EACH ROW WHEN (((old.account_at IS NOT NULL) AND (old.account <> new.account))) EXECUTE FUNCTION tracksolid.note_account_change()
  CREATE TRIGGER touch_changed_at BEFORE INSERT OR UPDATE ON tracksolid.devices FOR EACH ROW EXECUTE FUNCTION tracksolid.touch_changed_at()

-- Drivers of a vehicle, one row each time they change; each is valid until the next.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.driver_assignments
  imei text not null  -- Device identity.
  valid_from timestamp with time zone not null  -- When the vendor first named this driver after another (UTC). Details are asked for once a day, so the change may be up to a day older.
  driver_name text not null  -- Driver as the vendor or the company names them.
  driver_phone text  -- The newest phone named with this driver.
  source text not null  -- What named the driver first: device_detail, device, own (the company).
  driver_assignments_pkey: PRIMARY KEY (imei, valid_from)
  CREATE INDEX driver_assignments_driver_idx ON tracksolid.driver_assignments USING btree (lower(btrim(driver_name)))

-- Diagnostic trouble codes as reported, a row for each code of an item.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.fault_codes
  imei text not null  -- Device identity.
  fault_time timestamp with time zone not null  -- When it was reported (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  fault_code text  -- Trouble code, e.g. P0301; null where the item names none.
  fault_detail text  -- What the vendor says of it.
  source text not null default 'push'::text  -- push or poll. What is told both ways has one row: the polled one, which says what the code means.
  undated boolean not null  -- The item had no readable time: the row has that of its receipt.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  fault_codes_pkey: PRIMARY KEY (imei, fault_time, hash)
  fault_codes_source_check: CHECK ((source = ANY (ARRAY['push'::text, 'poll'::text])))
  CREATE INDEX fault_codes_fault_time_idx ON tracksolid.fault_codes USING btree (fault_time)

-- What holds for the whole fleet, in its one row.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.fleet
  one boolean not null default true  -- There is one row.
  zone text not null  -- Time zone in which days are counted (IANA name).
  fleet_one_check: CHECK (one)
  fleet_pkey: PRIMARY KEY (one)

-- Price of fuel; each is valid until the next.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.fuel_prices
  valid_from date not null  -- First day, in the fleet's zone.
  price_per_l numeric(10,3) not null  -- Price of a litre.
  currency text not null  -- ISO 4217.
  fuel_prices_currency_check: CHECK ((currency ~ '^[A-Z]{3}$'::text))
  fuel_prices_pkey: PRIMARY KEY (valid_from)
  fuel_prices_price_per_l_check: CHECK ((price_per_l > (0)::numeric))

-- Fuel sensor readings. A hypertable on reading_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.fuel_readings
  imei text not null  -- Device identity.
  reading_time timestamp with time zone not null  -- When it was measured (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  value double precision  -- Value as sent; see unit.
  unit text  -- Unit as sent: an integer code in the vendor's documents.
  sensor text  -- Sensor or channel.
  undated boolean not null  -- The item had no readable time: the row has that of its receipt.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  fuel_readings_pkey: PRIMARY KEY (imei, reading_time, hash)

-- What the units of fuel readings mean. The vendor sends integers that no document explains: who knows what a sensor measures adds its code.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.fuel_units
  code text not null  -- As in fuel_readings.unit, in small letters.
  unit text not null  -- percent of the tank, or l.
  fuel_units_code_check: CHECK ((code = lower(code)))
  fuel_units_pkey: PRIMARY KEY (code)
  fuel_units_unit_check: CHECK ((unit = ANY (ARRAY['percent'::text, 'l'::text])))

-- Addresses by cell, as Nominatim told them (© OpenStreetMap contributors, ODbL).
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.geocode_cache
  cell text not null  -- tracksolid.cell_of the place.
  lat double precision not null  -- Latitude that was asked for, WGS-84 degrees.
  lng double precision not null  -- Longitude that was asked for, WGS-84 degrees.
  address text  -- What was answered; null where no address is known.
  fetched_at timestamp with time zone not null  -- When it was answered (UTC): after a while it is asked for again.
  geocode_cache_pkey: PRIMARY KEY (cell)

-- Every entry into a geofence and every exit. Each follows from the fixes near it, whatever happened before and after; visits are made of them. An exit is known once a fix outside is.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.geofence_crossings
  geofence_id integer not null  -- Geofence.
  imei text not null  -- Device identity.
  is_entry boolean not null  -- Entry, or exit.
  at timestamp with time zone not null  -- The fix inside: of an entry the first, of an exit the last (UTC).
  other_at timestamp with time zone  -- The fix on the other side of the border: of an entry the one before, of an exit the one after (UTC); null where there is none.
  geofence_crossings_geofence_id_fkey: FOREIGN KEY (geofence_id) REFERENCES tracksolid.geofences(geofence_id) ON DELETE CASCADE
  geofence_crossings_pkey: PRIMARY KEY (geofence_id, imei, is_entry, at)
  CREATE INDEX geofence_crossings_imei_idx ON tracksolid.geofence_crossings USING btree (imei, at)

-- Geofences cut into parts that are quick to test: a row per polygon, of one with many corners a row per band of latitude. Made by a trigger, never written by hand.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.geofence_parts
  geofence_id integer not null  -- Geofence.
  part integer not null  -- Counts from 1.
  min_lat double precision not null  -- South end, degrees. What is within these four may be inside.
  max_lat double precision not null  -- North end, degrees.
  min_lng double precision not null  -- West end, degrees.
  max_lng double precision not null  -- East end, degrees.
  bounds box not null generated as box(point(min_lng, min_lat), point(max_lng, max_lat))  -- The same as a box, which an index knows.
  area polygon  -- Outer ring, (longitude, latitude) in millionths of a degree: Postgres takes what is nearer than a millionth of the unit for the border. It reaches some metres beyond the band. Null of a circle.
  holes polygon[]  -- Holes in it; null of a circle.
  centre_lat double precision  -- Of a circle: latitude of its centre, degrees.
  centre_lng double precision  -- Of a circle: longitude of its centre, degrees.
  radius_m double precision  -- Of a circle: radius, m.
  geofence_parts_geofence_id_fkey: FOREIGN KEY (geofence_id) REFERENCES tracksolid.geofences(geofence_id) ON DELETE CASCADE
  geofence_parts_pkey: PRIMARY KEY (geofence_id, part)
  CREATE INDEX geofence_parts_bounds_idx ON tracksolid.geofence_parts USING gist (bounds)

-- When vehicles were in geofences, computed from the fixes of satellites, whatever the day. Who was outside for geofences.rejoin_s at most had not left; two fixes inside, over 32 days apart, are two visits. Those who passed by are here, too: reporting.v_geofence_visits leaves them out.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.geofence_visits
  geofence_id integer not null  -- Geofence.
  imei text not null  -- Device identity.
  entered_at timestamp with time zone not null  -- First fix inside (UTC).
  entered_after timestamp with time zone  -- The fix before it: it entered between the two (UTC). Null where the first fix of all is inside.
  last_inside_at timestamp with time zone not null  -- Last fix inside, so far (UTC).
  left_at timestamp with time zone  -- The same once it has left; null while it is inside (UTC).
  left_before timestamp with time zone  -- The fix after it: it left between the two (UTC). Null while it is inside.
  fixes integer not null  -- Fixes of satellites from entered_at to last_inside_at, those of a short way out included.
  geofence_visits_geofence_id_fkey: FOREIGN KEY (geofence_id) REFERENCES tracksolid.geofences(geofence_id) ON DELETE CASCADE
  geofence_visits_pkey: PRIMARY KEY (geofence_id, imei, entered_at)
  CREATE INDEX geofence_visits_entered_idx ON tracksolid.geofence_visits USING btree (geofence_id, entered_at, imei)
  CREATE INDEX geofence_visits_imei_idx ON tracksolid.geofence_visits USING btree (imei, entered_at)

-- Places that vehicles visit: depots, city zones, customers. Whoever writes a row, a trigger refuses a geometry that is none, and has its visits computed again.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.geofences
  geofence_id integer not null  -- Identity.
  name text not null  -- Name, unique.
  kind text not null  -- What it is, free text: depot, city zone, customer.
  geometry jsonb not null  -- The truth: a GeoJSON Polygon (with holes), MultiPolygon, or Point; WGS-84, longitude first.
  radius_m double precision  -- Of a Point: radius of the circle, m, at most 100,000; else null.
  enabled boolean not null default true  -- One that is not has no visits.
  rejoin_s integer not null default 120  -- Who is outside no longer than this, s, has not left: positions wander over the border of whoever stands beside it.
  min_stay_s integer not null default 60  -- Who surely was inside no longer than this, s, passed by: no visit in reports. A fix each 30 s, and one of them inside, is up to 60 s.
  min_lat double precision not null  -- South end, degrees; set by the trigger, as the next three.
  max_lat double precision not null  -- North end, degrees.
  min_lng double precision not null  -- West end, degrees.
  max_lng double precision not null  -- East end, degrees.
  created_at timestamp with time zone not null default now()  -- When it was added (UTC).
  changed_at timestamp with time zone not null  -- When any column last changed (UTC).
  geofences_check: CHECK (((min_lat <= max_lat) AND (min_lng <= max_lng)))
  geofences_check1: CHECK ((((geometry ->> 'type'::text) = 'Point'::text) = (radius_m IS NOT NULL)))
  geofences_kind_check: CHECK (((kind = btrim(kind)) AND ((length(kind) >= 1) AND (length(kind) <= 50))))
  geofences_max_lat_check: CHECK ((max_lat <= (90)::double precision))
  geofences_max_lng_check: CHECK ((max_lng <= (180)::double precision))
  geofences_min_lat_check: CHECK ((min_lat >= ('-90'::integer)::double precision))
  geofences_min_lng_check: CHECK ((min_lng >= ('-180'::integer)::double precision))
  geofences_min_stay_s_check: CHECK (((min_stay_s >= 0) AND (min_stay_s <= 86400)))
  geofences_name_check: CHECK (((name = btrim(name)) AND ((length(name) >= 1) AND (length(name) <= 200))))
  geofences_name_key: UNIQUE (name)
  geofences_pkey: PRIMARY KEY (geofence_id)
  geofences_radius_m_check: CHECK (((radius_m > (0)::double precision) AND (radius_m <= (100000)::double precision)))
  geofences_rejoin_s_check: CHECK (((rejoin_s >= 0) AND (rejoin_s <= 3600)))
  CREATE TRIGGER check_geofence BEFORE INSERT OR UPDATE ON tracksolid.geofences FOR EACH ROW EXECUTE FUNCTION tracksolid.check_geofence()
  CREATE TRIGGER derive_geofence AFTER INSERT OR UPDATE ON tracksolid.geofences FOR EACH ROW EXECUTE FUNCTION tracksolid.derive_geofence()
  CREATE TRIGGER touch_changed_at BEFORE INSERT OR UPDATE ON tracksolid.geofences FOR EACH ROW EXECUTE FUNCTION tracksolid.touch_changed_at()

-- Heartbeats as pushed, one every 1-3 min per device. A hypertable on gate_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.heartbeats
  imei text not null  -- Device identity.
  gate_time timestamp with time zone not null  -- When the gateway had it (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  battery_percent real  -- Internal battery, %.
  gsm_percent smallint  -- GSM signal, 0-100.
  ignition boolean  -- Ignition on.
  relay_cut boolean  -- Fuel and power relay cut (vendor oilEle).
  has_fix boolean  -- The device has a GPS fix (vendor gpsPos).
  remote_lock boolean  -- Locked from afar.
  charging boolean  -- Charging (vendor powerStatus).
  armed boolean  -- Armed (vendor fortify).
  temperature_c real  -- Temperature, °C.
  voltage_v real  -- Voltage as sent, V.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  heartbeats_pkey: PRIMARY KEY (imei, gate_time, hash)

-- One summary row per poll run and per writer batch.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.ingestion_log
  run_id text not null  -- UUIDv7 of the run or the batch.
  endpoint text not null  -- Job name of a poll, or writer.
  run_at timestamp with time zone not null  -- Start (UTC).
  duration_ms integer not null  -- Duration, ms.
  success boolean not null  -- The run did all it set out to do.
  api_calls integer not null default 0  -- Vendor calls made, retries included.
  rows_received integer not null default 0  -- Items received.
  rows_inserted integer not null default 0  -- Rows inserted, as the statements counted them.
  rows_updated integer not null default 0  -- Rows changed, likewise.
  rows_duplicate integer not null default 0  -- Rows that were there already.
  rows_rejected integer not null default 0  -- Items rejected.
  vehicles_left_out integer  -- Enabled devices of the polled accounts that the answer silently left out.
  error_code text  -- Class of the failure, from the closed list.
  error text  -- What failed, for an operator.
  ingestion_log_pkey: PRIMARY KEY (run_id)
  CREATE INDEX ingestion_log_endpoint_run_at_idx ON tracksolid.ingestion_log USING btree (endpoint, run_at DESC)
  CREATE INDEX ingestion_log_endpoint_success_run_at_idx ON tracksolid.ingestion_log USING btree (endpoint, success, run_at)
  CREATE INDEX ingestion_log_run_at_idx ON tracksolid.ingestion_log USING btree (run_at)

-- Cells or access points that a device without a fix could hear. No coordinates inside as a rule. A hypertable on reading_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.lbs_readings
  imei text not null  -- Device identity.
  reading_time timestamp with time zone not null  -- When the gateway had it (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  post_type text  -- LBS or WIFI.
  mcc integer  -- Mobile country code.
  mnc integer  -- Mobile network code.
  cells text  -- Cells as sent: lac,ci,rssi, separated by semicolons.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  lbs_readings_pkey: PRIMARY KEY (imei, reading_time, hash)

-- Newest fix and newest contact per vehicle.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.live_positions
  imei text not null  -- Device identity.
  fix_at timestamp with time zone  -- Time of the newest fix (UTC). A fix more than 10 min ahead of its receipt never gets here.
  fix_received_at timestamp with time zone  -- When that fix reached us (UTC).
  lat double precision  -- Latitude, WGS-84 degrees.
  lng double precision  -- Longitude, WGS-84 degrees.
  speed_kmh real  -- Speed, km/h; null is unknown (some models say so when parked).
  heading_deg smallint  -- Course over ground, degrees from north.
  satellites smallint  -- Satellites used.
  pos_type text  -- GPS, LBS, WIFI or BEACON.
  confidence smallint  -- Vendor accuracy class, 3 best.
  odometer_km double precision  -- Odometer, km.
  contact_at timestamp with time zone  -- Last heartbeat (UTC).
  contact_received_at timestamp with time zone  -- When that contact reached us (UTC); the vendor flips online at an unchanged heartbeat.
  online boolean  -- Device has a connection to the vendor.
  ignition boolean  -- Ignition on.
  gsm_level smallint  -- GSM level 0-4 (vendor gpsSignal).
  battery_percent real  -- Internal battery, %.
  battery_voltage_v real  -- Internal battery, V.
  external_voltage_v real  -- External supply, V.
  temperature_c real  -- Temperature sensor, °C.
  fuel_sensor text  -- Fuel sensor as sent, may carry a unit.
  changed_at timestamp with time zone not null  -- When any column last changed (UTC).
  live_positions_pkey: PRIMARY KEY (imei)
  CREATE TRIGGER touch_changed_at BEFORE INSERT OR UPDATE ON tracksolid.live_positions FOR EACH ROW EXECUTE FUNCTION tracksolid.touch_changed_at()

-- OBD and CAN readings, pushed, and polled where POLL_OBD is on; the fields are read through aliases, raw has all of them. A hypertable on reading_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.obd_readings
  imei text not null  -- Device identity.
  reading_time timestamp with time zone not null  -- When it was measured (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  engine_rpm real  -- Engine speed, 1/min.
  speed_kmh real  -- Speed of the vehicle's own bus, km/h.
  fuel_level real  -- Fuel level as sent: %, or litres where the field was remainingFuel.
  coolant_c real  -- Coolant temperature, °C.
  battery_voltage_v real  -- Vehicle battery, V; tenths of a volt are told by their size.
  odometer double precision  -- Total mileage as sent: the unit of these fields is not documented, km by poll.
  vin text  -- Vehicle identification number, where the reading has it.
  source text not null default 'push'::text  -- push or poll. What is told both ways has one row: the pushed one, unless the polled one tells more.
  undated boolean not null  -- The item had no readable time: the row has that of its receipt.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  obd_readings_pkey: PRIMARY KEY (imei, reading_time, hash)
  obd_readings_source_check: CHECK ((source = ANY (ARRAY['push'::text, 'poll'::text])))

-- Stays of vehicles: parked (ignition off) or idling (on). Those of one vehicle and kind do not overlap.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.parking_events
  imei text not null  -- Device identity.
  start_time timestamp with time zone not null  -- Start (UTC).
  acc text not null  -- off: parked, on: idling.
  end_time timestamp with time zone  -- End (UTC); null while the vehicle still stands there.
  duration_s integer  -- Duration, s; so far, while it has no end.
  lat double precision  -- Latitude, WGS-84 degrees.
  lng double precision  -- Longitude, WGS-84 degrees.
  cell text generated as tracksolid.cell_of(lat, lng)  -- Cell of the place; null without one.
  address text  -- Address as the vendor sent it, else as it was looked up.
  source text not null  -- Origin: poll.
  raw json not null  -- The item as last sent.
  reported_until timestamp with time zone not null  -- Up to when the newest report says how it stands (UTC).
  received_at timestamp with time zone not null  -- When the newest report reached us (UTC).
  parking_events_acc_check: CHECK ((acc = ANY (ARRAY['off'::text, 'on'::text])))
  parking_events_check: CHECK ((end_time >= start_time))
  parking_events_pkey: PRIMARY KEY (imei, start_time, acc)
  parking_events_source_check: CHECK ((source = 'poll'::text))
  CREATE INDEX parking_events_cell_idx ON tracksolid.parking_events USING btree (cell) WHERE (address IS NULL)
  CREATE INDEX parking_events_start_time_idx ON tracksolid.parking_events USING btree (start_time)
  CREATE INDEX parking_events_unaddressed_idx ON tracksolid.parking_events USING btree (start_time) WHERE ((address IS NULL) AND (cell IS NOT NULL))

-- What has to run for data to come in, and how often: health looks at nothing else, so what somebody ran once by hand is not late for ever. As in workers/polls/schedule.ts, which a test compares it with.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.pipeline_jobs
  job text not null  -- As in ingestion_log.endpoint.
  every_s integer  -- Period, s; null for the writer, which runs when there is something to write.
  optional boolean not null default false  -- Off unless somebody wants it: never late.
  pipeline_jobs_every_s_check: CHECK ((every_s > 0))
  pipeline_jobs_pkey: PRIMARY KEY (job)

-- What each poll has covered, or, for what has no past, when it last asked; the next run is planned from it. Advances only after the queue took the data.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.poll_watermarks
  job text not null  -- Job name.
  account text not null  -- Account, or * where the job does not distinguish.
  imei text not null  -- Device, or * where the job does not distinguish.
  covered_from timestamp with time zone not null  -- Start of the contiguous coverage (UTC).
  covered_to timestamp with time zone not null  -- End of it (UTC).
  poll_watermarks_pkey: PRIMARY KEY (job, account, imei)

-- All fixes, key (imei, gps_time). A hypertable on gps_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.position_history
  imei text not null  -- Device identity.
  gps_time timestamp with time zone not null  -- Time of the fix (UTC).
  lat double precision not null  -- Latitude, WGS-84 degrees.
  lng double precision not null  -- Longitude, WGS-84 degrees.
  speed_kmh real  -- Speed, km/h; null is unknown.
  heading_deg smallint  -- Course over ground, degrees from north.
  altitude_m real  -- Altitude, m.
  satellites smallint  -- Satellites used.
  pos_type text  -- GPS, LBS, WIFI or BEACON.
  confidence smallint  -- Vendor accuracy class, 3 best.
  ignition boolean  -- Ignition on at the fix.
  odometer_km double precision  -- Odometer, km.
  retransmitted boolean  -- Stored by the device and sent later (vendor gpsMode 1).
  clock_ahead boolean not null default false  -- The fix was more than 10 min ahead of its receipt: kept, but never shown as live.
  source text not null  -- First origin: poll, push or track_list.
  sources smallint not null  -- Every origin: bit 1 poll, 2 push, 4 track_list. A higher bit is the better witness.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  position_history_pkey: PRIMARY KEY (imei, gps_time)
  position_history_source_check: CHECK ((source = ANY (ARRAY['poll'::text, 'push'::text, 'track_list'::text])))

-- Services that vehicles had, as the company notes them.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.services
  imei text not null  -- Device identity.
  serviced_on date not null  -- Day in the fleet's zone.
  odometer_km double precision  -- Reading of the odometer that the device counts on, km; null where nobody noted it.
  services_odometer_km_check: CHECK ((odometer_km >= (0)::double precision))
  services_pkey: PRIMARY KEY (imei, serviced_on)

-- When work begins and ends, by weekday. A weekday without a row is free.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.shifts
  shift text not null  -- Name, as in devices.shift.
  weekday smallint not null  -- 1 Monday to 7 Sunday, in the fleet's zone.
  starts_at time without time zone not null  -- Start, time of day in the fleet's zone.
  ends_at time without time zone not null  -- End; before the start, it is on the next day.
  grace interval not null default '00:15:00'::interval  -- Who starts within it is not late.
  shifts_pkey: PRIMARY KEY (shift, weekday)
  shifts_weekday_check: CHECK (((weekday >= 1) AND (weekday <= 7)))

-- When vehicles were heard of with the ignition off, without a fix: they stood where the fix before left them. Noted about once an hour, since only the newest contact is kept.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.stands
  imei text not null  -- Device identity.
  heard_at timestamp with time zone not null  -- Time of the contact (UTC).
  stands_pkey: PRIMARY KEY (imei, heard_at)

-- Temperature and humidity readings. A hypertable on reading_time where TimescaleDB is installed.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.temperature_readings
  imei text not null  -- Device identity.
  reading_time timestamp with time zone not null  -- When it was measured (UTC).
  hash text not null  -- MD5 of the item with its kind: the same item twice is one row.
  temperature_c real  -- Temperature, °C.
  humidity_percent real  -- Relative humidity, %.
  sensor text  -- Sensor, MAC or channel.
  undated boolean not null  -- The item had no readable time: the row has that of its receipt.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When it first reached us (UTC).
  temperature_readings_pkey: PRIMARY KEY (imei, reading_time, hash)

-- What counts as a visit to a ticket, and as the end of one, in its one row.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.ticket_rules
  one boolean not null default true  -- There is one row.
  visit_distance_m real not null default 150  -- Who is as near as this is there, m.
  visit_time_s integer not null default 300  -- Who is there as long as this visits, s.
  look_distance_m real not null default 1000  -- How far around a ticket fixes are looked at, m: the nearest distance is told up to here.
  gap_s integer not null default 600  -- From here on the time between two fixes is a gap, s.
  closed_states text[] not null default ARRAY['cancelled'::text, 'canceled'::text, 'closed'::text, 'completed'::text, 'rejected'::text, 'resolved'::text]  -- States in which a ticket is not open, in small letters; only where a mapping does not say which are.
  ticket_rules_check: CHECK (((look_distance_m >= visit_distance_m) AND (look_distance_m <= (100000)::double precision)))
  ticket_rules_gap_s_check: CHECK ((gap_s > 0))
  ticket_rules_one_check: CHECK (one)
  ticket_rules_pkey: PRIMARY KEY (one)
  ticket_rules_visit_distance_m_check: CHECK ((visit_distance_m > (0)::double precision))
  ticket_rules_visit_time_s_check: CHECK ((visit_time_s > 0))

-- Finished trips. Those of one vehicle do not overlap; one may begin when the other ends.
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: delete, insert, select, update
table tracksolid.trips
  imei text not null  -- Device identity.
  start_time timestamp with time zone not null  -- Start (UTC).
  end_time timestamp with time zone not null  -- End (UTC); the start where neither end nor duration was sent.
  distance_km double precision  -- Distance, km (the vendor sends metres).
  driving_time_s integer  -- Time under way, s.
  idle_time_s integer  -- Time standing with the engine on, s.
  avg_speed_kmh real  -- Average speed, km/h.
  max_speed_kmh real  -- Highest speed, km/h.
  start_lat double precision  -- Latitude of the start, WGS-84 degrees.
  start_lng double precision  -- Longitude of the start, WGS-84 degrees.
  end_lat double precision  -- Latitude of the end, WGS-84 degrees.
  end_lng double precision  -- Longitude of the end, WGS-84 degrees.
  start_cell text generated as tracksolid.cell_of(start_lat, start_lng)  -- Cell of the start; null without a place.
  end_cell text generated as tracksolid.cell_of(end_lat, end_lng)  -- Cell of the end; null without a place.
  start_address text  -- Address of the start; null until it is known.
  end_address text  -- Address of the end; null until it is known.
  fuel_l real  -- Fuel used, litres.
  filled smallint not null default 0  -- What the vendor left out and the track told: bit 1 start place, 2 end place, 4 highest speed, 8 idle time.
  source text not null  -- Origin: poll or push.
  raw json not null  -- The item as sent.
  received_at timestamp with time zone not null  -- When the report reached us (UTC): a later one takes its place.
  trips_check: CHECK ((end_time >= start_time))
  trips_pkey: PRIMARY KEY (imei, start_time)
  trips_source_check: CHECK ((source = ANY (ARRAY['poll'::text, 'push'::text])))
  CREATE INDEX trips_end_cell_idx ON tracksolid.trips USING btree (end_cell) WHERE (end_address IS NULL)
  CREATE INDEX trips_start_cell_idx ON tracksolid.trips USING btree (start_cell) WHERE (start_address IS NULL)
  CREATE INDEX trips_start_time_idx ON tracksolid.trips USING btree (start_time)
  CREATE INDEX trips_unaddressed_idx ON tracksolid.trips USING btree (start_time) WHERE (((start_address IS NULL) AND (start_cell IS NOT NULL)) OR ((end_address IS NULL) AND (end_cell IS NOT NULL)))
  CREATE TRIGGER forget_addresses BEFORE UPDATE OF start_lat, start_lng, end_lat, end_lng ON tracksolid.trips FOR EACH ROW EXECUTE FUNCTION tracksolid.forget_addresses()

-- What holds for all vehicles of a type; a vehicle may differ (devices.own_fuel_l_per_100_km, own_service_interval_km).
-- owner tracksolid_owner; analytics_ro: select; backup_ro: select; dashboard_ro: select; ingest_app: insert, select, update
table tracksolid.vehicle_types
  vehicle_type text not null  -- As in devices.vehicle_type.
  fuel_l_per_100_km real  -- Consumption that fuel is estimated with, litres per 100 km.
  service_interval_km real  -- Distance between two services, km.
  tank_l real  -- What the tank holds, litres.
  vehicle_types_fuel_l_per_100_km_check: CHECK ((fuel_l_per_100_km > (0)::double precision))
  vehicle_types_pkey: PRIMARY KEY (vehicle_type)
  vehicle_types_service_interval_km_check: CHECK ((service_interval_km > (0)::double precision))
  vehicle_types_tank_l_check: CHECK ((tank_l > (0)::double precision))

-- Takes away the positions or readings from before an instant: whole chunks of a hypertable, elsewhere at most so many rows. Returns how many chunks or rows. Runs with the rights of its owner: the ingest itself may not delete facts.
CREATE OR REPLACE FUNCTION private.remove_before(relation regclass, before timestamp with time zone, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  time_column name;
  vehicle text;
  removed integer := 0;
  part integer;
begin
  select a.attname into time_column
  from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]
  where i.indrelid = relation and i.indisprimary and relation = any (array[
    'tracksolid.position_history', 'tracksolid.obd_readings', 'tracksolid.fuel_readings',
    'tracksolid.temperature_readings', 'tracksolid.lbs_readings', 'tracksolid.heartbeats'
  ]::regclass[]);
  if time_column is null then
    raise exception 'Rows of % are kept', relation;
  end if;
  -- The extension may have come after the table.
  if exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    if exists (
      select from timescaledb_information.hypertables h
      where format('%I.%I', h.hypertable_schema, h.hypertable_name)::regclass = relation
    ) then
      return (select count(*) from drop_chunks(relation, older_than => before));
    end if;
  end if;
  execute format('select min(imei) from %s', relation) into vehicle;
  while vehicle is not null and removed < most loop
    execute format(
      'delete from %1$s where ctid = any (array(select ctid from %1$s where imei = $1 and %2$I < $2 order by %2$I limit $3))',
      relation, time_column
    ) using vehicle, before, most - removed;
    get diagnostics part = row_count;
    removed := removed + part;
    execute format('select min(imei) from %s where imei > $1', relation) into vehicle using vehicle;
  end loop;
  return removed;
end $function$

-- Takes away positions from before an instant, as remove_before does, and returns whose days they were of: a row for each position; of a hypertable, whose chunks go whole, each day of theirs that is known. Runs with the rights of its owner: the ingest itself may not delete facts.
CREATE OR REPLACE FUNCTION private.remove_positions(before timestamp with time zone, most integer)
 RETURNS TABLE(imei text, day date)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  first_removed timestamptz;
  last_removed timestamptz;
  vehicle text;
  removed integer := 0;
  part integer;
begin
  if exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    if exists (
      select from timescaledb_information.hypertables h
      where h.hypertable_schema = 'tracksolid' and h.hypertable_name = 'position_history'
    ) then
      select min(c.range_start), max(c.range_end) into first_removed, last_removed
      from timescaledb_information.chunks c
      where c.hypertable_schema = 'tracksolid' and c.hypertable_name = 'position_history' and c.range_end <= before;
      perform private.remove_before('tracksolid.position_history', before, most);
      return query
        select v.imei, v.day
        from reporting.day_versions v, tracksolid.fleet f
        where v.day between (first_removed at time zone f.zone)::date and (last_removed at time zone f.zone)::date;
      return;
    end if;
  end if;
  select min(h.imei) into vehicle from tracksolid.position_history h;
  while vehicle is not null and removed < most loop
    return query
      with gone as (
        delete from tracksolid.position_history
        where ctid = any (array(
          select h.ctid from tracksolid.position_history h
          where h.imei = vehicle and h.gps_time < before
          order by h.gps_time limit most - removed
        ))
        returning gps_time
      )
      select vehicle, (g.gps_time at time zone f.zone)::date from gone g, tracksolid.fleet f;
    get diagnostics part = row_count;
    removed := removed + part;
    select min(h.imei) into vehicle from tracksolid.position_history h where h.imei > vehicle;
  end loop;
end $function$

-- Makes a table with the key (imei, time, …) a hypertable of chunks of seven days, compressed by vehicle when they are seven days old, as far as the server has TimescaleDB and its licence allows; otherwise leaves it as it is.
CREATE OR REPLACE FUNCTION private.store_by_time(relation regclass, time_column name)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  rest text;
begin
  if not exists (select from pg_extension where extname = 'timescaledb') then
    return;
  end if;
  -- A week of 150 vehicles with a fix every 30 s is 3 million rows, 430 MB with their index, which memory holds while it is
  -- written to. A hundred times as many vehicles want chunks of a day, 6 GB (docs/runbook.md).
  perform create_hypertable(relation, time_column, chunk_time_interval => interval '7 days', create_default_indexes => false);
  -- Compression needs the Timescale licence; an Apache build has hypertables only.
  if current_setting('timescaledb.license', true) <> 'timescale' then
    return;
  end if;
  -- What the key has beyond vehicle and time.
  select string_agg(format(', %I', a.attname), '' order by array_position(i.indkey::smallint[], a.attnum)) into rest
  from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = relation and i.indisprimary and a.attname not in ('imei', time_column);
  execute format(
    'alter table %s set (timescaledb.compress, timescaledb.compress_segmentby = %L, timescaledb.compress_orderby = %L)',
    relation, 'imei', format('%I desc', time_column) || coalesce(rest, '')
  );
  -- Late rows are the rule for a week; later ones find their chunk compressed, which costs them more.
  perform add_compression_policy(relation, interval '7 days');
end $function$

-- Open tickets that have a place, oldest first, each with the vehicle it is assigned to as it is at as_of: status as in reporting.fn_live_positions, distance_km straight between both, age_s since it was opened, overdue once due_at is over. A ticket without a vehicle on the map has nulls there: assigned to none, to an unknown one, or to one that is left out of maps. Of several that its driver has, the one heard of last. Defined anew from open tickets and live positions: the dispatch table that the view of this name read of old was purged. as_of is meant to be now, or a little earlier.
CREATE OR REPLACE FUNCTION reporting.fn_active_dispatch_map(as_of timestamp with time zone)
 RETURNS TABLE(kind text, number text, state text, priority text, area text, lat double precision, lng double precision, opened_at timestamp with time zone, age_s integer, due_at timestamp with time zone, overdue boolean, driver_name text, imei text, assigned_by text, name text, plate text, status text, vehicle_lat double precision, vehicle_lng double precision, fix_at timestamp with time zone, distance_km double precision)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH live AS MATERIALIZED (
          SELECT fn_live_positions.imei,
             fn_live_positions.name,
             fn_live_positions.plate,
             fn_live_positions.driver,
             fn_live_positions.account,
             fn_live_positions.city,
             fn_live_positions.segment,
             fn_live_positions.vehicle_type,
             fn_live_positions.model,
             fn_live_positions.status,
             fn_live_positions.online,
             fn_live_positions.ignition,
             fn_live_positions.lat,
             fn_live_positions.lng,
             fn_live_positions.speed_kmh,
             fn_live_positions.heading_deg,
             fn_live_positions.fix_at,
             fn_live_positions.contact_at,
             fn_live_positions.satellites,
             fn_live_positions.odometer_km,
             fn_live_positions.battery_percent,
             fn_live_positions.external_voltage_v
            FROM reporting.fn_live_positions(fn_active_dispatch_map.as_of, '24:00:00'::interval, '00:10:00'::interval) fn_live_positions(imei, name, plate, driver, account, city, segment, vehicle_type, model, status, online, ignition, lat, lng, speed_kmh, heading_deg, fix_at, contact_at, satellites, odometer_km, battery_percent, external_voltage_v)
         )
  SELECT t.kind,
     t.number,
     t.state,
     t.priority,
     t.area,
     t.lat,
     t.lng,
     t.opened_at,
     (LEAST(EXTRACT(epoch FROM (fn_active_dispatch_map.as_of - t.opened_at)), (2147483647)::numeric))::integer AS "least",
     t.due_at,
     COALESCE((t.due_at < fn_active_dispatch_map.as_of), false) AS "coalesce",
     t.driver_name,
     v.imei,
     v.assigned_by,
     v.name,
     v.plate,
     v.status,
     v.lat,
     v.lng,
     v.fix_at,
         CASE
             WHEN (v.lat IS NOT NULL) THEN (((2 * 6371))::double precision * asin(LEAST((1)::double precision, sqrt(((sin((radians((v.lat - t.lat)) / (2)::double precision)) ^ (2)::double precision) + ((cos(radians(t.lat)) * cos(radians(v.lat))) * (sin((radians((v.lng - t.lng)) / (2)::double precision)) ^ (2)::double precision)))))))
             ELSE NULL::double precision
         END AS "case"
    FROM (reporting.v_tickets t
      LEFT JOIN LATERAL ( SELECT l.imei,
             l.name,
             l.plate,
             l.driver,
             l.account,
             l.city,
             l.segment,
             l.vehicle_type,
             l.model,
             l.status,
             l.online,
             l.ignition,
             l.lat,
             l.lng,
             l.speed_kmh,
             l.heading_deg,
             l.fix_at,
             l.contact_at,
             l.satellites,
             l.odometer_km,
             l.battery_percent,
             l.external_voltage_v,
             a.assigned_by
            FROM (reporting.fn_ticket_vehicles(t.imei, t.driver_name, fn_active_dispatch_map.as_of, fn_active_dispatch_map.as_of) a(imei, assigned_by, held_from, held_to)
              JOIN live l ON ((l.imei = a.imei)))
           ORDER BY l.fix_at DESC NULLS LAST, l.imei
          LIMIT 1) v ON (true))
   WHERE ((t.is_open OR (t.resolved_at > fn_active_dispatch_map.as_of)) AND (t.opened_at <= fn_active_dispatch_map.as_of) AND isfinite(t.opened_at) AND (t.lat IS NOT NULL) AND (t.lng IS NOT NULL))
   ORDER BY t.opened_at, t.kind, t.number;
END

-- Vehicles that match filter (as in fn_matching_vehicles), that any of these drivers (a list, null for any) has ever driven, and, for maps, that are not left out of them. Who drove at the time of a row is still to be compared.
CREATE OR REPLACE FUNCTION reporting.fn_chosen_vehicles(filter json, drivers json, for_map boolean)
 RETURNS SETOF reporting.v_vehicles
 LANGUAGE sql
 STABLE
AS $function$
  select v.* from reporting.v_vehicles v
  where v.imei in (select reporting.fn_matching_vehicles(filter)) and not (for_map and v.hidden_on_map)
    and (drivers is null or exists (
      select from tracksolid.driver_assignments a
      where a.imei = v.imei and a.driver_name in (select json_array_elements_text(drivers))
    ))
$function$

-- Vehicles of the map that stand with the ignition on at as_of, and since when, longest first; a day at most. as_of is meant to be now, or a little earlier.
CREATE OR REPLACE FUNCTION reporting.fn_currently_idle(as_of timestamp with time zone, at_least interval DEFAULT '00:05:00'::interval)
 RETURNS TABLE(imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text, lat double precision, lng double precision, idle_since timestamp with time zone, idle_s integer)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT p.imei,
     p.name,
     p.plate,
     p.driver,
     p.account,
     p.city,
     p.segment,
     p.vehicle_type,
     p.lat,
     p.lng,
     stood.since,
     (EXTRACT(epoch FROM (fn_currently_idle.as_of - stood.since)))::integer AS "extract"
    FROM (reporting.fn_live_positions(fn_currently_idle.as_of, '24:00:00'::interval, '00:10:00'::interval) p(imei, name, plate, driver, account, city, segment, vehicle_type, model, status, online, ignition, lat, lng, speed_kmh, heading_deg, fix_at, contact_at, satellites, odometer_km, battery_percent, external_voltage_v)
      CROSS JOIN LATERAL ( SELECT min(h.gps_time) AS since
            FROM tracksolid.position_history h
           WHERE ((h.imei = p.imei) AND (h.gps_time <= fn_currently_idle.as_of) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)) AND (h.gps_time > COALESCE(( SELECT e.gps_time
                    FROM tracksolid.position_history e
                   WHERE ((e.imei = p.imei) AND (e.gps_time <= fn_currently_idle.as_of) AND (e.gps_time > (fn_currently_idle.as_of - '1 day'::interval)) AND (NOT e.clock_ahead) AND ((e.speed_kmh > (3)::double precision) OR (e.ignition IS FALSE)))
                   ORDER BY e.gps_time DESC
                  LIMIT 1), (fn_currently_idle.as_of - '1 day'::interval))))) stood)
   WHERE ((p.status = 'idling'::text) AND (stood.since <= (fn_currently_idle.as_of - fn_currently_idle.at_least)))
   ORDER BY stood.since, p.imei;
END

-- The driver of a vehicle at an instant; no row where none was known by then. Join it with "left join lateral … on true".
CREATE OR REPLACE FUNCTION reporting.fn_driver_at(imei text, at timestamp with time zone)
 RETURNS TABLE(driver_name text, driver_phone text, valid_from timestamp with time zone)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT a.driver_name,
     a.driver_phone,
     a.valid_from
    FROM tracksolid.driver_assignments a
   WHERE ((a.imei = fn_driver_at.imei) AND (a.valid_from <= fn_driver_at.at))
   ORDER BY a.valid_from DESC
  LIMIT 1;
END

-- Who has begun to drive on the day of as_of in the fleet's zone, and who should have: the drivers of enabled vehicles, who have them now or drove them today. status: on_time (began_at within the grace of the shift, or of taking the vehicle over during it), late (later), missing (not moved, though the vehicle was heard of since), unknown (nothing heard of it since), awaited (the shift or its grace goes on), free (no shift today). began_at: first move from two hours before the shift on. late_s: from there to began_at, or to as_of while missing, s. The roll-ups are those of now: as_of is meant to be now, or a little earlier.
CREATE OR REPLACE FUNCTION reporting.fn_driver_clock_today(as_of timestamp with time zone)
 RETURNS TABLE(day date, driver_name text, imei text, name text, plate text, account text, city text, shift text, shift_from timestamp with time zone, shift_to timestamp with time zone, first_ignition_at timestamp with time zone, first_moving_at timestamp with time zone, last_moving_at timestamp with time zone, last_ignition_at timestamp with time zone, began_at timestamp with time zone, contact_at timestamp with time zone, status text, late_s integer, is_late boolean)
 LANGUAGE sql
 STABLE
 SET jit TO 'off'
BEGIN ATOMIC
 WITH clock AS (
          SELECT today.day,
             r.driver_name,
             d.imei,
             d.name,
             d.plate,
             d.account,
             d.city,
             d.shift,
             s.shift_from,
             s.shift_to,
             r.first_ignition_at,
             r.first_moving_at,
             r.last_moving_at,
             r.last_ignition_at,
             s.began_at,
             s.due_at,
             s.grace,
             l.contact_at
            FROM (((((( SELECT ((fn_driver_clock_today.as_of AT TIME ZONE f.zone))::date AS day
                    FROM tracksolid.fleet f) today
              CROSS JOIN reporting.v_vehicles d)
              LEFT JOIN LATERAL reporting.fn_driver_at(d.imei, fn_driver_clock_today.as_of) a(driver_name, driver_phone, valid_from) ON (true))
              CROSS JOIN LATERAL ( SELECT k.driver_name,
                     k.first_ignition_at,
                     k.first_moving_at,
                     k.last_moving_at,
                     k.last_ignition_at
                    FROM reporting.driver_day k
                   WHERE ((k.imei = d.imei) AND (k.day = today.day) AND ((k.first_moving_at IS NOT NULL) OR (k.driver_name = a.driver_name)))
                 UNION ALL
                  SELECT a.driver_name,
                     NULL::timestamp with time zone,
                     NULL::timestamp with time zone,
                     NULL::timestamp with time zone,
                     NULL::timestamp with time zone
                   WHERE ((a.driver_name IS NOT NULL) AND (NOT (EXISTS ( SELECT
                            FROM reporting.driver_day k
                           WHERE ((k.imei = d.imei) AND (k.day = today.day) AND (k.driver_name = a.driver_name))))))) r)
              LEFT JOIN LATERAL reporting.fn_shift(d.imei, r.driver_name, today.day, r.first_moving_at, r.last_moving_at) s(shift_from, shift_to, due_at, grace, began_at) ON (true))
              LEFT JOIN tracksolid.live_positions l ON ((l.imei = d.imei)))
           WHERE d.enabled
         ), judged AS (
          SELECT c.day,
             c.driver_name,
             c.imei,
             c.name,
             c.plate,
             c.account,
             c.city,
             c.shift,
             c.shift_from,
             c.shift_to,
             c.first_ignition_at,
             c.first_moving_at,
             c.last_moving_at,
             c.last_ignition_at,
             c.began_at,
             c.due_at,
             c.grace,
             c.contact_at,
                 CASE
                     WHEN (c.due_at IS NULL) THEN 'free'::text
                     WHEN (c.began_at <= (c.due_at + c.grace)) THEN 'on_time'::text
                     WHEN (c.began_at IS NOT NULL) THEN 'late'::text
                     WHEN (fn_driver_clock_today.as_of <= (c.due_at + c.grace)) THEN 'awaited'::text
                     WHEN (c.contact_at >= c.due_at) THEN 'missing'::text
                     ELSE 'unknown'::text
                 END AS status
            FROM clock c
         )
  SELECT j.day,
     j.driver_name,
     j.imei,
     j.name,
     j.plate,
     j.account,
     j.city,
     j.shift,
     j.shift_from,
     j.shift_to,
     j.first_ignition_at,
     j.first_moving_at,
     j.last_moving_at,
     j.last_ignition_at,
     j.began_at,
     j.contact_at,
     j.status,
         CASE
             WHEN (j.status = ANY (ARRAY['on_time'::text, 'late'::text, 'missing'::text])) THEN (GREATEST(EXTRACT(epoch FROM (COALESCE(j.began_at, fn_driver_clock_today.as_of) - j.due_at)), (0)::numeric))::integer
             ELSE NULL::integer
         END AS "case",
         CASE j.status
             WHEN 'on_time'::text THEN false
             WHEN 'late'::text THEN true
             WHEN 'missing'::text THEN true
             ELSE NULL::boolean
         END AS "case"
    FROM judged j
   ORDER BY j.shift_from, j.driver_name, j.imei;
END

-- So many seconds for people: minutes, from an hour on hours and minutes, from two days on days.
CREATE OR REPLACE FUNCTION reporting.fn_duration_words(seconds double precision)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (seconds < (3600)::double precision) THEN (round((seconds / (60)::double precision)) || ' min'::text) WHEN (seconds < (172800)::double precision) THEN (((floor((round((seconds / (60)::double precision)) / (60)::double precision)) || ' h '::text) || lpad((((round((seconds / (60)::double precision)))::bigint % (60)::bigint))::text, 2, '0'::text)) || ' min'::text) ELSE (round((seconds / (86400)::double precision)) || ' days'::text) END

-- What vehicles did by the day, from the first day to the last, both included; null is unknown. A row for each day of each vehicle that matches filter (as fn_matching_vehicles) and is enabled or was heard of in the period: a day of which nothing is known has unknown_s as long as it is, and nothing else. With drivers, a list of names, what these did, from driver_day: only days they had a vehicle, without what nobody knows by driver (unknown_s, fuel_l); distance_source is then that of the vehicle's day. moving_s, idling_s and parked_s are null where no fix tells, trips where no distance is known either, alarms and the events of a day without a row.
CREATE OR REPLACE FUNCTION reporting.fn_fleet_days(from_day date, to_day date, filter json, drivers json)
 RETURNS TABLE(imei text, day date, moving_s integer, idling_s integer, parked_s integer, unknown_s integer, distance_km double precision, distance_source text, trips integer, max_speed_kmh real, first_moving_at timestamp with time zone, last_moving_at timestamp with time zone, alarms integer, speeding_events integer, harsh_events integer, fuel_l real)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT t.imei,
     t.day,
         CASE
             WHEN (((t.moving_s + t.idling_s) + t.parked_s) > 0) THEN t.moving_s
             ELSE NULL::integer
         END AS "case",
         CASE
             WHEN (((t.moving_s + t.idling_s) + t.parked_s) > 0) THEN t.idling_s
             ELSE NULL::integer
         END AS "case",
         CASE
             WHEN (((t.moving_s + t.idling_s) + t.parked_s) > 0) THEN t.parked_s
             ELSE NULL::integer
         END AS "case",
     t.unknown_s,
     t.distance_km,
     t.distance_source,
         CASE
             WHEN ((((t.moving_s + t.idling_s) + t.parked_s) > 0) OR (t.distance_km IS NOT NULL)) THEN t.trips
             ELSE NULL::integer
         END AS "case",
     t.max_speed_kmh,
     t.first_moving_at,
     t.last_moving_at,
     t.alarms,
     t.speeding_events,
     t.harsh_events,
     t.fuel_l
    FROM reporting.vehicle_day t
   WHERE ((fn_fleet_days.drivers IS NULL) AND (t.day >= fn_fleet_days.from_day) AND (t.day <= fn_fleet_days.to_day) AND (t.imei IN ( SELECT m.imei
            FROM reporting.fn_matching_vehicles(fn_fleet_days.filter) m(imei))))
 UNION ALL
  SELECT x.imei,
     c.day,
     NULL::integer,
     NULL::integer,
     NULL::integer,
     c.day_s,
     NULL::double precision,
     NULL::text,
     NULL::integer,
     NULL::real,
     NULL::timestamp with time zone,
     NULL::timestamp with time zone,
     NULL::integer,
     NULL::integer,
     NULL::integer,
     NULL::real
    FROM (( SELECT v.imei,
             v.enabled,
             ( SELECT count(*) AS count
                    FROM reporting.vehicle_day o
                   WHERE ((o.imei = v.imei) AND (o.day >= fn_fleet_days.from_day) AND (o.day <= fn_fleet_days.to_day))) AS days
            FROM reporting.v_vehicles v
           WHERE ((fn_fleet_days.drivers IS NULL) AND (v.imei IN ( SELECT m.imei
                    FROM reporting.fn_matching_vehicles(fn_fleet_days.filter) m(imei))))
          OFFSET 0) x
      CROSS JOIN ( SELECT (d.day)::date AS day,
             (EXTRACT(epoch FROM (((d.day + '1 day'::interval) AT TIME ZONE f.zone) - (d.day AT TIME ZONE f.zone))))::integer AS day_s
            FROM (tracksolid.fleet f
              CROSS JOIN generate_series((fn_fleet_days.from_day)::timestamp without time zone, (fn_fleet_days.to_day)::timestamp without time zone, '1 day'::interval) d(day))) c)
   WHERE ((x.enabled OR (x.days > 0)) AND (x.days < ((fn_fleet_days.to_day - fn_fleet_days.from_day) + 1)) AND (NOT (EXISTS ( SELECT
            FROM reporting.vehicle_day t
           WHERE ((t.imei = x.imei) AND (t.day = c.day))))))
 UNION ALL
  SELECT r.imei,
     r.day,
         CASE
             WHEN k.is_known THEN r.moving_s
             ELSE NULL::integer
         END AS "case",
         CASE
             WHEN k.is_known THEN r.idling_s
             ELSE NULL::integer
         END AS "case",
         CASE
             WHEN k.is_known THEN r.parked_s
             ELSE NULL::integer
         END AS "case",
     NULL::integer,
     r.distance_km,
     v.distance_source,
         CASE
             WHEN (k.is_known OR (r.distance_km IS NOT NULL)) THEN r.trips
             ELSE NULL::integer
         END AS "case",
     r.max_speed_kmh,
     r.first_moving_at,
     r.last_moving_at,
     r.alarms,
     r.speeding_events,
     r.harsh_events,
     NULL::real
    FROM ((( SELECT d.imei,
             d.day,
             (sum(d.moving_s))::integer AS moving_s,
             (sum(d.idling_s))::integer AS idling_s,
             (sum(d.parked_s))::integer AS parked_s,
             sum(d.distance_km) AS distance_km,
             (sum(d.trips))::integer AS trips,
             max(d.max_speed_kmh) AS max_speed_kmh,
             min(d.first_moving_at) AS first_moving_at,
             max(d.last_moving_at) AS last_moving_at,
             (sum(d.alarms))::integer AS alarms,
             (sum(d.speeding_events))::integer AS speeding_events,
             (sum(d.harsh_events))::integer AS harsh_events
            FROM reporting.driver_day d
           WHERE ((fn_fleet_days.drivers IS NOT NULL) AND ((d.day >= fn_fleet_days.from_day) AND (d.day <= fn_fleet_days.to_day)) AND (d.driver_name IN ( SELECT json_array_elements_text(fn_fleet_days.drivers) AS json_array_elements_text)) AND (d.imei IN ( SELECT m.imei
                    FROM reporting.fn_matching_vehicles(fn_fleet_days.filter) m(imei))))
           GROUP BY d.imei, d.day) r
      LEFT JOIN reporting.vehicle_day v ON (((v.imei = r.imei) AND (v.day = r.day))))
      CROSS JOIN LATERAL ( SELECT (((r.moving_s + r.idling_s) + r.parked_s) > 0) AS is_known) k);
END

-- Every vehicle of the map as it stands at as_of, with its day so far in the fleet's zone: the four times add up to what has gone of the day. A vehicle whose ignition is off is parked from its last fix to its last contact. The roll-ups are those of now: as_of is meant to be now, or a little earlier.
CREATE OR REPLACE FUNCTION reporting.fn_fleet_today(as_of timestamp with time zone)
 RETURNS TABLE(imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text, status text, lat double precision, lng double precision, fix_at timestamp with time zone, contact_at timestamp with time zone, day date, moving_s integer, idling_s integer, parked_s integer, unknown_s integer, distance_km double precision, distance_source text, trips integer, first_moving_at timestamp with time zone, last_moving_at timestamp with time zone, max_speed_kmh real, speeding_events integer, harsh_events integer)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT p.imei,
     p.name,
     p.plate,
     p.driver,
     p.account,
     p.city,
     p.segment,
     p.vehicle_type,
     p.status,
     p.lat,
     p.lng,
     p.fix_at,
     p.contact_at,
     today.day,
     COALESCE(v.moving_s, 0) AS "coalesce",
     COALESCE(v.idling_s, 0) AS "coalesce",
     (COALESCE(v.parked_s, 0) + since.parked_s),
     GREATEST(((today.gone_s - COALESCE(((v.moving_s + v.idling_s) + v.parked_s), 0)) - since.parked_s), 0) AS "greatest",
     v.distance_km,
     v.distance_source,
     COALESCE(v.trips, 0) AS "coalesce",
     v.first_moving_at,
     v.last_moving_at,
     v.max_speed_kmh,
     COALESCE(v.speeding_events, 0) AS "coalesce",
     COALESCE(v.harsh_events, 0) AS "coalesce"
    FROM ((((tracksolid.fleet f
      CROSS JOIN LATERAL ( SELECT ((fn_fleet_today.as_of AT TIME ZONE f.zone))::date AS day,
             ((((fn_fleet_today.as_of AT TIME ZONE f.zone))::date)::timestamp without time zone AT TIME ZONE f.zone) AS day_from,
             (EXTRACT(epoch FROM (fn_fleet_today.as_of - ((((fn_fleet_today.as_of AT TIME ZONE f.zone))::date)::timestamp without time zone AT TIME ZONE f.zone))))::integer AS gone_s) today)
      CROSS JOIN reporting.fn_live_positions(fn_fleet_today.as_of, '24:00:00'::interval, '00:10:00'::interval) p(imei, name, plate, driver, account, city, segment, vehicle_type, model, status, online, ignition, lat, lng, speed_kmh, heading_deg, fix_at, contact_at, satellites, odometer_km, battery_percent, external_voltage_v))
      LEFT JOIN reporting.vehicle_day v ON (((v.imei = p.imei) AND (v.day = today.day))))
      CROSS JOIN LATERAL ( SELECT (
                 CASE
                     WHEN (p.ignition IS FALSE) THEN GREATEST(EXTRACT(epoch FROM (LEAST(p.contact_at, fn_fleet_today.as_of) - GREATEST(v.known_to, p.fix_at, today.day_from))), (0)::numeric)
                     ELSE (0)::numeric
                 END)::integer AS parked_s) since);
END

-- What sensors and the vehicle's own bus (source obd) said of its fuel in [from_time, to_time), in the unit they say it in. A level of 0 is left out: sensors say so when they are cut off, tanks hardly ever.
CREATE OR REPLACE FUNCTION reporting.fn_fuel_levels(imei text, from_time timestamp with time zone, to_time timestamp with time zone)
 RETURNS TABLE(source text, sensor text, at timestamp with time zone, level double precision)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT 'sensor'::text,
     COALESCE(r.sensor, ''::text) AS "coalesce",
     r.reading_time,
     r.value
    FROM tracksolid.fuel_readings r
   WHERE ((r.imei = fn_fuel_levels.imei) AND (r.reading_time >= fn_fuel_levels.from_time) AND (r.reading_time < fn_fuel_levels.to_time) AND (r.value > (0)::double precision))
 UNION ALL
  SELECT 'obd'::text,
     ''::text,
     o.reading_time,
     o.fuel_level
    FROM tracksolid.obd_readings o
   WHERE ((o.imei = fn_fuel_levels.imei) AND (o.reading_time >= fn_fuel_levels.from_time) AND (o.reading_time < fn_fuel_levels.to_time) AND (o.fuel_level > (0)::double precision));
END

-- The unit of a level that fn_fuel_levels tells, as a code of fuel_units; empty where nothing says.
CREATE OR REPLACE FUNCTION reporting.fn_fuel_unit(imei text, source text, sensor text, at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT
         CASE source
             WHEN 'sensor'::text THEN ( SELECT max(lower(COALESCE(r.unit,
                     CASE
                         WHEN ((r.raw ->> 'percent'::text) IS NOT NULL) THEN 'percent'::text
                         ELSE ''::text
                     END))) AS max
                FROM tracksolid.fuel_readings r
               WHERE ((r.imei = fn_fuel_unit.imei) AND (r.reading_time = fn_fuel_unit.at) AND (r.value > (0)::double precision) AND (COALESCE(r.sensor, ''::text) = fn_fuel_unit.sensor)))
             ELSE ( SELECT max(
                     CASE
                         WHEN ((o.raw)::text ~ '(fuelLevel|remainingFuelPercentage)\\*"\s*:\s*\\*"?[0-9]'::text) THEN 'percent'::text
                         WHEN ((o.raw)::text ~ 'remainingFuel\\*"\s*:\s*\\*"?[0-9]'::text) THEN 'l'::text
                         ELSE ''::text
                     END) AS max
                FROM tracksolid.obd_readings o
               WHERE ((o.imei = fn_fuel_unit.imei) AND (o.reading_time = fn_fuel_unit.at) AND (o.fuel_level > (0)::double precision)))
         END AS max;
END

-- How every job of the pipeline is at as_of, a row each, also for those that never ran. status: failing (its newest run failed), late (no success for two and a half periods; never the writer, nor an optional job), ok. Times UTC, ages s; last_error_code and last_error are those of the newest failure, runs and failures those of the last hour and the last 24.
CREATE OR REPLACE FUNCTION reporting.fn_ingest_health(as_of timestamp with time zone)
 RETURNS TABLE(job text, every_s integer, status text, last_run_at timestamp with time zone, last_success_at timestamp with time zone, last_success_age_s integer, last_failure_at timestamp with time zone, last_error_code text, last_error text, last_rows_received integer, last_vehicles_left_out integer, runs_1h integer, failures_1h integer, runs_24h integer, failures_24h integer)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT j.job,
     j.every_s,
         CASE
             WHEN (last_run.success IS FALSE) THEN 'failing'::text
             WHEN ((NOT j.optional) AND (COALESCE(
             CASE
                 WHEN (last_run.run_at IS NULL) THEN since.logging_since
                 ELSE last_success.run_at
             END, '-infinity'::timestamp with time zone) < (fn_ingest_health.as_of - ((2.5)::double precision * make_interval(secs => (j.every_s)::double precision))))) THEN 'late'::text
             ELSE 'ok'::text
         END AS "case",
     last_run.run_at,
     last_success.run_at,
     (EXTRACT(epoch FROM (fn_ingest_health.as_of - last_success.run_at)))::integer AS "extract",
     last_failure.run_at,
     last_failure.error_code,
     last_failure.error,
     last_run.rows_received,
     last_run.vehicles_left_out,
     (COALESCE(counted.hour_runs, (0)::bigint))::integer AS "coalesce",
     (COALESCE(counted.hour_failures, (0)::bigint))::integer AS "coalesce",
     (COALESCE(counted.day_runs, (0)::bigint))::integer AS "coalesce",
     (COALESCE(counted.day_failures, (0)::bigint))::integer AS "coalesce"
    FROM (((((tracksolid.pipeline_jobs j
      CROSS JOIN ( SELECT min(l.run_at) AS logging_since
            FROM tracksolid.ingestion_log l) since)
      LEFT JOIN LATERAL reporting.fn_last_run(j.job, true, fn_ingest_health.as_of) last_success(id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected, vehicles_left_out, error_code, error) ON (true))
      LEFT JOIN LATERAL reporting.fn_last_run(j.job, false, fn_ingest_health.as_of) last_failure(id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected, vehicles_left_out, error_code, error) ON (true))
      LEFT JOIN LATERAL ( SELECT r.id,
             r.endpoint,
             r.run_at,
             r.duration_ms,
             r.success,
             r.api_calls,
             r.rows_received,
             r.rows_inserted,
             r.rows_updated,
             r.rows_duplicate,
             r.rows_rejected,
             r.vehicles_left_out,
             r.error_code,
             r.error
            FROM ( SELECT last_success.id,
                     last_success.endpoint,
                     last_success.run_at,
                     last_success.duration_ms,
                     last_success.success,
                     last_success.api_calls,
                     last_success.rows_received,
                     last_success.rows_inserted,
                     last_success.rows_updated,
                     last_success.rows_duplicate,
                     last_success.rows_rejected,
                     last_success.vehicles_left_out,
                     last_success.error_code,
                     last_success.error
                 UNION ALL
                  SELECT last_failure.id,
                     last_failure.endpoint,
                     last_failure.run_at,
                     last_failure.duration_ms,
                     last_failure.success,
                     last_failure.api_calls,
                     last_failure.rows_received,
                     last_failure.rows_inserted,
                     last_failure.rows_updated,
                     last_failure.rows_duplicate,
                     last_failure.rows_rejected,
                     last_failure.vehicles_left_out,
                     last_failure.error_code,
                     last_failure.error) r
           WHERE (r.run_at IS NOT NULL)
           ORDER BY r.run_at DESC
          LIMIT 1) last_run ON (true))
      LEFT JOIN ( SELECT l.endpoint,
             count(*) AS day_runs,
             count(*) FILTER (WHERE (NOT l.success)) AS day_failures,
             count(*) FILTER (WHERE (l.run_at > (fn_ingest_health.as_of - '01:00:00'::interval))) AS hour_runs,
             count(*) FILTER (WHERE ((NOT l.success) AND (l.run_at > (fn_ingest_health.as_of - '01:00:00'::interval)))) AS hour_failures
            FROM tracksolid.ingestion_log l
           WHERE ((l.run_at > (fn_ingest_health.as_of - '24:00:00'::interval)) AND (l.run_at <= fn_ingest_health.as_of))
           GROUP BY l.endpoint) counted ON ((counted.endpoint = j.job)))
   ORDER BY j.every_s NULLS FIRST, j.job;
END

-- Which vehicles of the map are in which geofences, by their newest fix, where a satellite told it: as_of is meant to be now. entered_at: null until the visit is computed.
CREATE OR REPLACE FUNCTION reporting.fn_inside_geofences(as_of timestamp with time zone)
 RETURNS TABLE(geofence_id integer, geofence text, kind text, imei text, name text, plate text, driver text, city text, status text, lat double precision, lng double precision, fix_at timestamp with time zone, entered_at timestamp with time zone)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT g.geofence_id,
     g.name,
     g.kind,
     l.imei,
     l.name,
     l.plate,
     l.driver,
     l.city,
     l.status,
     l.lat,
     l.lng,
     l.fix_at,
         CASE
             WHEN visit.is_open THEN visit.entered_at
             ELSE NULL::timestamp with time zone
         END AS "case"
    FROM ((((reporting.fn_live_positions(fn_inside_geofences.as_of, '24:00:00'::interval, '00:10:00'::interval) l(imei, name, plate, driver, account, city, segment, vehicle_type, model, status, online, ignition, lat, lng, speed_kmh, heading_deg, fix_at, contact_at, satellites, odometer_km, battery_percent, external_voltage_v)
      JOIN tracksolid.live_positions fix ON (((fix.imei = l.imei) AND ((fix.pos_type IS NULL) OR (fix.pos_type = 'GPS'::text)))))
      CROSS JOIN LATERAL ( SELECT DISTINCT p.geofence_id
            FROM tracksolid.geofence_parts p
           WHERE ((p.bounds @> point(l.lng, l.lat)) AND ((l.lat >= p.min_lat) AND (l.lat <= p.max_lat)) AND ((l.lng >= p.min_lng) AND (l.lng <= p.max_lng)) AND tracksolid.fn_geofence_holds(p.area, p.holes, p.centre_lat, p.centre_lng, p.radius_m, l.lat, l.lng))) held)
      JOIN tracksolid.geofences g ON (((g.geofence_id = held.geofence_id) AND g.enabled)))
      LEFT JOIN LATERAL ( SELECT v.entered_at,
             ((v.left_at IS NULL) OR (v.left_at >= l.fix_at)) AS is_open
            FROM tracksolid.geofence_visits v
           WHERE ((v.geofence_id = g.geofence_id) AND (v.imei = l.imei) AND (v.entered_at <= l.fix_at))
           ORDER BY v.entered_at DESC
          LIMIT 1) visit ON (true))
   WHERE (l.fix_at <= fn_inside_geofences.as_of)
   ORDER BY g.name, l.imei;
END

-- An instant as answers of the API write it: ISO 8601, UTC, whole seconds.
CREATE OR REPLACE FUNCTION reporting.fn_iso(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text)

-- JSON as one word that can stand in a URL: base64url. The read API reads it back.
CREATE OR REPLACE FUNCTION reporting.fn_json_word(place text)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN translate(encode(convert_to(place, 'UTF8'::name), 'base64'::text), '+/=
'::text, '-_'::text)

-- The newest run of a job up to as_of that succeeded, or that failed; no row where there is none.
CREATE OR REPLACE FUNCTION reporting.fn_last_run(job text, success boolean, as_of timestamp with time zone)
 RETURNS SETOF tracksolid.ingestion_log
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT l.id,
     l.endpoint,
     l.run_at,
     l.duration_ms,
     l.success,
     l.api_calls,
     l.rows_received,
     l.rows_inserted,
     l.rows_updated,
     l.rows_duplicate,
     l.rows_rejected,
     l.vehicles_left_out,
     l.error_code,
     l.error
    FROM ( SELECT k.run_id AS id,
             k.endpoint,
             k.run_at,
             k.duration_ms,
             k.success,
             k.api_calls,
             k.rows_received,
             k.rows_inserted,
             k.rows_updated,
             k.rows_duplicate,
             k.rows_rejected,
             k.vehicles_left_out,
             k.error_code,
             k.error
            FROM tracksolid.ingestion_log k
           WHERE (ROW(k.endpoint, k.success, k.run_at) <= ROW(fn_last_run.job, fn_last_run.success, fn_last_run.as_of))
           ORDER BY k.endpoint DESC, k.success DESC, k.run_at DESC
          LIMIT 1) l
   WHERE ((l.endpoint = fn_last_run.job) AND (l.success = fn_last_run.success));
END

-- Every enabled vehicle that maps show, with its newest fix; no canary devices. status: silent (nothing heard for silent_after before as_of), moving (> 3 km/h, fix within stale_after), idling (standing, ignition on, heard of within stale_after), parked (ignition off), unknown (never a fix; or under way or with the ignition on when last seen, longer than stale_after ago).
CREATE OR REPLACE FUNCTION reporting.fn_live_positions(as_of timestamp with time zone, silent_after interval, stale_after interval)
 RETURNS TABLE(imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text, model text, status text, online boolean, ignition boolean, lat double precision, lng double precision, speed_kmh real, heading_deg smallint, fix_at timestamp with time zone, contact_at timestamp with time zone, satellites smallint, odometer_km double precision, battery_percent real, external_voltage_v real)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT d.imei,
     d.device_name,
     d.plate,
     d.driver_name,
     d.account,
     d.city,
     d.segment,
     d.vehicle_type,
     d.model,
         CASE
             WHEN (l.fix_at IS NULL) THEN 'unknown'::text
             WHEN (GREATEST(l.contact_at, l.fix_at) < (fn_live_positions.as_of - fn_live_positions.silent_after)) THEN 'silent'::text
             WHEN ((l.speed_kmh > (3)::double precision) AND (l.fix_at >= (fn_live_positions.as_of - fn_live_positions.stale_after))) THEN 'moving'::text
             WHEN (l.ignition IS FALSE) THEN 'parked'::text
             WHEN (l.speed_kmh > (3)::double precision) THEN 'unknown'::text
             WHEN (l.ignition IS NULL) THEN 'parked'::text
             WHEN (GREATEST(l.contact_at, l.fix_at) >= (fn_live_positions.as_of - fn_live_positions.stale_after)) THEN 'idling'::text
             ELSE 'unknown'::text
         END AS "case",
     l.online,
     l.ignition,
     l.lat,
     l.lng,
     l.speed_kmh,
     l.heading_deg,
     l.fix_at,
     l.contact_at,
     l.satellites,
     l.odometer_km,
     l.battery_percent,
     l.external_voltage_v
    FROM (tracksolid.devices d
      LEFT JOIN tracksolid.live_positions l ON ((l.imei = d.imei)))
   WHERE (d.enabled AND (NOT d.hidden_on_map) AND (d.kind = 'vehicle'::text));
END

-- Vehicles that match every list in filter, of imei, account, city, segment, vehicle_type and plate (whatever its spaces, dashes and case); {} matches all. Canary devices match nothing.
CREATE OR REPLACE FUNCTION reporting.fn_matching_vehicles(filter json)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
  select v.imei from reporting.v_vehicles v
  where (filter -> 'imei' is null or v.imei in (select json_array_elements_text(filter -> 'imei')))
    and (filter -> 'account' is null or v.account in (select json_array_elements_text(filter -> 'account')))
    and (filter -> 'city' is null or v.city in (select json_array_elements_text(filter -> 'city')))
    and (filter -> 'segment' is null or v.segment in (select json_array_elements_text(filter -> 'segment')))
    and (filter -> 'vehicle_type' is null
      or v.vehicle_type in (select json_array_elements_text(filter -> 'vehicle_type')))
    and (filter -> 'plate' is null or upper(regexp_replace(v.plate, '[\s-]', '', 'g')) in (
      select upper(regexp_replace(given.plate, '[\s-]', '', 'g'))
      from json_array_elements_text(filter -> 'plate') given (plate)
    ))
$function$

-- The key of a row as one word that can stand in a URL.
CREATE OR REPLACE FUNCTION reporting.fn_place_word(VARIADIC parts text[])
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN reporting.fn_json_word((to_json(parts))::text)

-- What is left of an open cursor as a JSON list, up to so many rows and bytes. stopped_by: rows or bytes, whichever there were more of; null where that was all.
CREATE OR REPLACE FUNCTION reporting.fn_read_cursor(cursor_name text, most_rows integer, most_bytes integer, OUT rows text, OUT row_count integer, OUT bytes integer, OUT stopped_by text)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  opened refcursor := cursor_name;
  found_row record;
  line text;
  lines text[] := '{}';
begin
  row_count := 0;
  bytes := 0;
  loop
    fetch opened into found_row;
    exit when not found;
    if row_count >= most_rows then
      stopped_by := 'rows';
      exit;
    end if;
    -- Before it becomes text, which takes as much again.
    if pg_column_size(found_row) > most_bytes then
      stopped_by := 'bytes';
      exit;
    end if;
    line := to_json(found_row)::text;
    if bytes + octet_length(line) + 1 > most_bytes then
      stopped_by := 'bytes';
      exit;
    end if;
    bytes := bytes + octet_length(line) + 1;
    row_count := row_count + 1;
    lines := lines || line;
  end loop;
  rows := '[' || array_to_string(lines, ',') || ']';
end
$function$

-- Changes with whatever is known of days of these vehicles (null: all), once it is computed; with what vehicles are called; with the zone. From the first day to the last, both included.
CREATE OR REPLACE FUNCTION reporting.fn_revision(from_day date, to_day date, imeis text[] DEFAULT NULL::text[])
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select md5(concat_ws(' ',
    case when imeis is null then (
      select max(newest.version)
      from generate_series(0, to_day - from_day) n
      cross join lateral (
        select v.version from reporting.day_versions v where v.day = from_day + n order by v.version desc limit 1
      ) newest
    ) else (
      select max(v.version) from reporting.day_versions v
      where v.day between from_day and to_day and v.imei = any(imeis)
    ) end,
    (select concat_ws(' ', count(*), max(d.changed_at)) from tracksolid.devices d
     where imeis is null or d.imei = any(imeis)),
    (select zone from tracksolid.fleet)
  ))
$function$

-- How far every vehicle with a service interval has driven since its last service (tracksolid.services), the most overdue first. since_source: odometer (today's reading less the one noted at the service), or days (the distances of the days since, where no reading was noted or the odometer was set back). status: due, soon (a tenth of the interval left), ok, unknown (no service is noted, or nothing is known of the vehicle since). Days of which nothing is known are not in the sum. Distances km. Odometers and roll-ups are those of now: as_of is meant to be now.
CREATE OR REPLACE FUNCTION reporting.fn_service_due(as_of timestamp with time zone)
 RETURNS TABLE(imei text, name text, plate text, account text, city text, segment text, vehicle_type text, serviced_on date, service_interval_km real, since_km double precision, since_source text, left_km double precision, status text)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT d.imei,
     d.name,
     d.plate,
     d.account,
     d.city,
     d.segment,
     d.vehicle_type,
     s.serviced_on,
     d.service_interval_km,
     since.km,
         CASE
             WHEN (since.km IS NOT NULL) THEN since.source
             ELSE NULL::text
         END AS "case",
     (d.service_interval_km - since.km),
         CASE
             WHEN (since.km IS NULL) THEN 'unknown'::text
             WHEN (since.km >= d.service_interval_km) THEN 'due'::text
             WHEN (since.km >= ((0.9)::double precision * d.service_interval_km)) THEN 'soon'::text
             ELSE 'ok'::text
         END AS "case"
    FROM ((((tracksolid.fleet f
      CROSS JOIN reporting.v_vehicles d)
      LEFT JOIN tracksolid.live_positions l ON ((l.imei = d.imei)))
      LEFT JOIN LATERAL ( SELECT k.serviced_on,
             k.odometer_km
            FROM tracksolid.services k
           WHERE ((k.imei = d.imei) AND (k.serviced_on <= ((fn_service_due.as_of AT TIME ZONE f.zone))::date))
           ORDER BY k.serviced_on DESC
          LIMIT 1) s ON (true))
      LEFT JOIN LATERAL ( SELECT
                 CASE
                     WHEN (l.odometer_km >= s.odometer_km) THEN 'odometer'::text
                     ELSE 'days'::text
                 END AS source,
                 CASE
                     WHEN (l.odometer_km >= s.odometer_km) THEN (l.odometer_km - s.odometer_km)
                     ELSE ( SELECT
                             CASE
                                 WHEN (count(*) > 0) THEN COALESCE(sum(v.distance_km) FILTER (WHERE (v.day > s.serviced_on)), (0)::double precision)
                                 ELSE NULL::double precision
                             END AS "case"
                        FROM reporting.vehicle_day v
                       WHERE ((v.imei = d.imei) AND (v.day >= s.serviced_on) AND (v.day <= ((fn_service_due.as_of AT TIME ZONE f.zone))::date)))
                 END AS km
           WHERE (s.serviced_on IS NOT NULL)) since ON (true))
   WHERE (d.enabled AND (d.service_interval_km IS NOT NULL))
   ORDER BY (d.service_interval_km - since.km), d.imei;
END

-- The shift of a vehicle on a day of the fleet's zone, for a driver who moved it between these two instants of the day; no row on a free day, without a shift, or for who had the vehicle before it or after it alone. due_at: its start, or when the driver first took the vehicle over during it. began_at: the driver's first move from two hours before due_at on, so that the end of a night or an errand at dawn is not taken for the beginning; null without one. (UTC)
CREATE OR REPLACE FUNCTION reporting.fn_shift(imei text, driver_name text, day date, first_moving_at timestamp with time zone, last_moving_at timestamp with time zone)
 RETURNS TABLE(shift_from timestamp with time zone, shift_to timestamp with time zone, due_at timestamp with time zone, grace interval, began_at timestamp with time zone)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH shift AS (
          SELECT ((fn_shift.day + s.starts_at) AT TIME ZONE f.zone) AS shift_from,
             (((fn_shift.day + s.ends_at) +
                 CASE
                     WHEN (s.ends_at <= s.starts_at) THEN '1 day'::interval
                     ELSE '00:00:00'::interval
                 END) AT TIME ZONE f.zone) AS shift_to,
             s.grace
            FROM ((tracksolid.fleet f
              CROSS JOIN tracksolid.devices d)
              JOIN tracksolid.shifts s ON (((s.shift = d.shift) AND ((s.weekday)::numeric = EXTRACT(isodow FROM fn_shift.day)))))
           WHERE (d.imei = fn_shift.imei)
         ), held AS (
          SELECT w.shift_from,
             w.shift_to,
             w.grace,
             a.valid_from,
             a.next_from,
             min(GREATEST(a.valid_from, w.shift_from)) OVER () AS due_at
            FROM (shift w
              CROSS JOIN LATERAL ( SELECT driver_assignments.driver_name,
                     driver_assignments.valid_from,
                     lead(driver_assignments.valid_from, 1, 'infinity'::timestamp with time zone) OVER (ORDER BY driver_assignments.valid_from) AS next_from
                    FROM tracksolid.driver_assignments
                   WHERE (driver_assignments.imei = fn_shift.imei)) a)
           WHERE ((a.driver_name = fn_shift.driver_name) AND (a.valid_from < w.shift_to) AND (a.next_from > w.shift_from))
         )
  SELECT h.shift_from,
     h.shift_to,
     h.due_at,
     h.grace,
     min(began.at) AS min
    FROM ((held h
      CROSS JOIN LATERAL ( SELECT GREATEST((h.due_at - '02:00:00'::interval), h.valid_from, fn_shift.first_moving_at) AS early,
             LEAST(h.next_from, fn_shift.last_moving_at) AS late) own)
      LEFT JOIN LATERAL ( SELECT min(GREATEST(v.first_moving_at, own.early)) AS at
            FROM reporting.vehicle_hour v
           WHERE ((v.imei = fn_shift.imei) AND (fn_shift.first_moving_at IS NOT NULL) AND (v.hour > (own.early - '01:00:00'::interval)) AND (v.hour <= own.late) AND (v.first_moving_at < own.late) AND (v.last_moving_at > own.early))) began ON (true))
   GROUP BY h.shift_from, h.shift_to, h.due_at, h.grace;
END

-- The vehicles a ticket is assigned to in [from_time, to_time], and when: the one it names, else those its driver had (tracksolid.driver_assignments). assigned_by: imei or driver. The one it names may be unknown; canary devices are none.
CREATE OR REPLACE FUNCTION reporting.fn_ticket_vehicles(imei text, driver_name text, from_time timestamp with time zone, to_time timestamp with time zone)
 RETURNS TABLE(imei text, assigned_by text, held_from timestamp with time zone, held_to timestamp with time zone)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT fn_ticket_vehicles.imei AS imei,
     'imei'::text,
     fn_ticket_vehicles.from_time AS from_time,
     fn_ticket_vehicles.to_time AS to_time
   WHERE ((fn_ticket_vehicles.imei IS NOT NULL) AND (fn_ticket_vehicles.from_time <= fn_ticket_vehicles.to_time) AND (NOT (EXISTS ( SELECT
            FROM tracksolid.devices d
           WHERE ((d.imei = fn_ticket_vehicles.imei) AND (d.kind <> 'vehicle'::text))))))
 UNION ALL
  SELECT a.imei,
     'driver'::text,
     GREATEST(a.valid_from, fn_ticket_vehicles.from_time) AS "greatest",
     LEAST(later.valid_from, fn_ticket_vehicles.to_time) AS "least"
    FROM ((tracksolid.driver_assignments a
      JOIN reporting.v_vehicles d ON ((d.imei = a.imei)))
      LEFT JOIN LATERAL ( SELECT n.valid_from
            FROM tracksolid.driver_assignments n
           WHERE ((n.imei = a.imei) AND (n.valid_from > a.valid_from))
           ORDER BY n.valid_from
          LIMIT 1) later ON (true))
   WHERE ((fn_ticket_vehicles.imei IS NULL) AND (lower(btrim(a.driver_name)) = lower(btrim(fn_ticket_vehicles.driver_name))) AND (a.valid_from <= fn_ticket_vehicles.to_time) AND ((later.valid_from > fn_ticket_vehicles.from_time) OR (later.valid_from IS NULL)));
END

-- Tickets opened in [from_time, to_time) against the fixes of the vehicle they were assigned to, from when they were opened to when they were resolved, at the latest as_of. Grain: ticket; the columns as in reporting.v_ticket_visits. No fix later than as_of is looked at, but the ticket is as it is now.
CREATE OR REPLACE FUNCTION reporting.fn_ticket_visits(from_time timestamp with time zone, to_time timestamp with time zone, as_of timestamp with time zone)
 RETURNS TABLE(kind text, number text, state text, priority text, area text, opened_at timestamp with time zone, due_at timestamp with time zone, resolved_at timestamp with time zone, is_open boolean, driver_name text, imei text, assigned_by text, outcome text, visited boolean, confidence double precision, first_within_at timestamp with time zone, last_within_at timestamp with time zone, within_s integer, stood_s integer, stood boolean, fixes integer, nearest_m double precision, unseen_s integer, longest_gap_s integer, has_gap boolean, arrived_in_time boolean)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT t.kind,
     t.number,
     t.state,
     t.priority,
     t.area,
     t.opened_at,
     t.due_at,
     t.resolved_at,
     t.is_open,
     t.driver_name,
     best.imei,
     best.assigned_by,
         CASE
             WHEN (NOT span.is_sound) THEN 'no_time'::text
             WHEN ((t.lat IS NULL) OR (t.lng IS NULL)) THEN 'no_position'::text
             WHEN (best.imei IS NULL) THEN 'no_vehicle'::text
             WHEN (best.within_s IS NULL) THEN 'no_fixes'::text
             WHEN (best.within_s >= r.visit_time_s) THEN 'visited'::text
             WHEN (best.first_within_at IS NOT NULL) THEN 'passed'::text
             ELSE 'elsewhere'::text
         END AS "case",
     (best.within_s >= r.visit_time_s),
         CASE
             WHEN (best.within_s IS NOT NULL) THEN ((((LEAST((((best.within_s - best.unseen_s))::double precision / (r.visit_time_s)::double precision), (1)::double precision) + LEAST(((best.within_s)::double precision / (r.visit_time_s)::double precision), (1)::double precision)) / (2)::double precision) * ((1)::double precision + LEAST(((best.stood_s)::double precision / (r.visit_time_s)::double precision), (1)::double precision))) / (2)::double precision)
             ELSE NULL::double precision
         END AS "case",
     best.first_within_at,
     best.last_within_at,
     best.within_s,
     best.stood_s,
     (best.stood_s > 0),
     best.fixes,
     best.nearest_m,
     best.unseen_s,
     best.longest_gap_s,
     (best.longest_gap_s > 0),
         CASE
             WHEN (best.within_s >= r.visit_time_s) THEN (best.first_within_at <= t.due_at)
             ELSE NULL::boolean
         END AS "case"
    FROM (((reporting.v_tickets t
      CROSS JOIN tracksolid.ticket_rules r)
      CROSS JOIN LATERAL ( SELECT LEAST(t.resolved_at, fn_ticket_visits.as_of) AS ends_at,
             COALESCE((isfinite(t.opened_at) AND isfinite(LEAST(t.resolved_at, fn_ticket_visits.as_of)) AND (t.opened_at <= LEAST(t.resolved_at, fn_ticket_visits.as_of))), false) AS is_sound) span)
      LEFT JOIN LATERAL ( SELECT a.imei,
             a.assigned_by,
             v.first_within_at,
             v.last_within_at,
             v.within_s,
             v.stood_s,
             v.unseen_s,
             v.longest_gap_s,
             v.fixes,
             v.nearest_m
            FROM (reporting.fn_ticket_vehicles(t.imei, t.driver_name, t.opened_at, span.ends_at) a(imei, assigned_by, held_from, held_to)
              LEFT JOIN LATERAL reporting.fn_visit(a.imei, t.lat, t.lng, a.held_from, a.held_to, fn_ticket_visits.as_of, r.visit_distance_m, r.look_distance_m, r.gap_s) v(first_within_at, last_within_at, within_s, stood_s, unseen_s, longest_gap_s, fixes, nearest_m) ON (true))
           WHERE (span.is_sound AND (t.lat IS NOT NULL) AND (t.lng IS NOT NULL))
           ORDER BY ((2 * v.within_s) - v.unseen_s) DESC NULLS LAST, v.nearest_m, a.held_from DESC
          LIMIT 1) best ON (true))
   WHERE ((t.opened_at >= fn_ticket_visits.from_time) AND (t.opened_at < fn_ticket_visits.to_time) AND (t.opened_at <= fn_ticket_visits.as_of));
END

-- How every job of TimescaleDB in this database is at as_of, a row each; no row without the extension. status: failing (its last run failed), overdue (an hour late, or under way for a day and longer than it may be), ok; one that is switched off is ok unless its last run failed. Times UTC; failures since it exists. relation is the hypertable it works on, null without one. last_error is null but for the owner of the job or of the database.
CREATE OR REPLACE FUNCTION reporting.fn_timescale_jobs(as_of timestamp with time zone)
 RETURNS TABLE(job_id integer, procedure text, relation text, status text, last_run_at timestamp with time zone, last_success_at timestamp with time zone, next_run_at timestamp with time zone, failures bigint, last_error text)
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  -- What follows is read only where it is reached: elsewhere its views do not exist.
  if not exists (select from pg_catalog.pg_extension where extname = 'timescaledb') then
    return;
  end if;
  return query
  select
    j.job_id, j.proc_name::text,
    case when j.hypertable_name is not null then format('%I.%I', j.hypertable_schema, j.hypertable_name) end,
    judged.status,
    nullif(s.last_run_started_at, '-infinity'), nullif(s.last_successful_finish, '-infinity'),
    nullif(s.next_start, '-infinity'), coalesce(s.total_failures, 0),
    case when judged.status = 'failing' then (
      select e.err_message from timescaledb_information.job_errors e
      where e.job_id = j.job_id order by e.start_time desc limit 1
    ) end
  from timescaledb_information.jobs j
  left join timescaledb_information.job_stats s on s.job_id = j.job_id
  cross join lateral (
    select case
      when s.last_run_status = 'Failed' then 'failing'
      when not j.scheduled then 'ok'
      -- The scheduler has never looked at it, which takes seconds; when it was made nobody knows.
      when s.job_id is null then case
        when greatest(j.initial_start, (select min(l.run_at) from tracksolid.ingestion_log l))
          < fn_timescale_jobs.as_of - interval '1 hour' then 'overdue'
        else 'ok'
      end
      -- It runs; who asks may not be allowed to see that in job_status.
      when s.next_start = '-infinity' then case
        when s.last_run_started_at < fn_timescale_jobs.as_of - greatest(j.max_runtime, interval '1 day') then 'overdue'
        else 'ok'
      end
      when s.next_start < fn_timescale_jobs.as_of - interval '1 hour' then 'overdue'
      else 'ok'
    end as status
  ) judged
  -- Those below are TimescaleDB's own: its telemetry fails wherever the server cannot reach the internet.
  where j.job_id >= 1000
  order by j.job_id;
end $function$

-- Trips that began in [from_time, to_time), of these vehicles or of all, oldest first; without vehicles that are left out of maps.
CREATE OR REPLACE FUNCTION reporting.fn_trips_for_map(from_time timestamp with time zone, to_time timestamp with time zone, imeis text[] DEFAULT NULL::text[])
 RETURNS SETOF reporting.v_trips
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT t.imei,
     t.name,
     t.plate,
     t.driver,
     t.account,
     t.city,
     t.segment,
     t.vehicle_type,
     t.hidden_on_map,
     t.start_time,
     t.end_time,
     t.duration_s,
     t.distance_km,
     t.driving_time_s,
     t.idle_time_s,
     t.avg_speed_kmh,
     t.max_speed_kmh,
     t.start_lat,
     t.start_lng,
     t.end_lat,
     t.end_lng,
     t.start_address,
     t.end_address,
     t.fuel_l,
     t.source
    FROM reporting.v_trips t
   WHERE ((t.start_time >= fn_trips_for_map.from_time) AND (t.start_time < fn_trips_for_map.to_time) AND (NOT t.hidden_on_map) AND ((fn_trips_for_map.imeis IS NULL) OR (t.imei = ANY (fn_trips_for_map.imeis))))
   ORDER BY t.start_time, t.imei;
END

-- A text as a part of a path or a query string, percent-encoded.
CREATE OR REPLACE FUNCTION reporting.fn_url_word(word text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN (SELECT COALESCE(string_agg(CASE WHEN ((chr(b.code) ~ '[A-Za-z0-9._~-]'::text) AND (b.code < 128)) THEN chr(b.code) ELSE ('%'::text || upper(lpad(to_hex(b.code), 2, '0'::text))) END, ''::text ORDER BY b.place), ''::text) AS "coalesce" FROM (SELECT i.place, get_byte(convert_to(fn_url_word.word, 'UTF8'::name), i.place) AS code FROM generate_series(0, (length(convert_to(fn_url_word.word, 'UTF8'::name)) - 1)) i(place)) b)

-- What a vehicle did between each two fixes that follow each other, as far as they touch [from_time, to_time); whole steps, so the first and the last may reach beyond. state: moving (over moving_above_kmh at one end, or over 100 m apart), idling (standing, ignition on), parked (standing, ignition not on), unknown (further apart in time than gap_limit, and over 200 m apart, left under way, or left with the ignition on and not found with it off). gps_km: straight from fix to fix, 0 while standing. odometer_km: by its readings, of which one counts for an hour; null without two; odometer_break: it ran back, or faster than a vehicle can. Only fixes of satellites; a step is not longer than 32 days. A vehicle that stood on with the ignition off has steps that end and begin when it was heard of (stands), the last ends with its last contact; is_fix: it begins with a fix. is_silence: unknown for a day or more, with days of which nothing is known, so its way counts where it ended.
CREATE OR REPLACE FUNCTION reporting.fn_vehicle_steps(imei text, from_time timestamp with time zone, to_time timestamp with time zone, gap_limit interval, moving_above_kmh real)
 RETURNS TABLE(step_from timestamp with time zone, step_to timestamp with time zone, state text, ignition boolean, speed_kmh real, gps_km double precision, odometer_km double precision, odometer_break boolean, is_fix boolean, is_silence boolean)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH before AS (
          SELECT h.gps_time,
             h.lat,
             h.lng,
             h.speed_kmh,
             h.ignition,
             COALESCE(h.odometer_km, earlier.odometer_km) AS odometer_km,
             COALESCE(earlier.gps_time, h.gps_time) AS read_at,
             true AS is_fix
            FROM (tracksolid.position_history h
              LEFT JOIN LATERAL ( SELECT e.gps_time,
                     e.odometer_km
                    FROM tracksolid.position_history e
                   WHERE ((h.odometer_km IS NULL) AND (e.imei = h.imei) AND (e.gps_time < h.gps_time) AND (e.gps_time >= (h.gps_time - '01:00:00'::interval)) AND (e.odometer_km IS NOT NULL) AND (NOT e.clock_ahead) AND ((e.pos_type IS NULL) OR (e.pos_type = 'GPS'::text)))
                   ORDER BY e.gps_time DESC
                  LIMIT 1) earlier ON (true))
           WHERE ((h.imei = fn_vehicle_steps.imei) AND (h.gps_time < fn_vehicle_steps.from_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
           ORDER BY h.gps_time DESC
          LIMIT 1
         ), after AS (
          SELECT h.gps_time,
             h.lat,
             h.lng,
             h.speed_kmh,
             h.ignition,
             h.odometer_km,
             h.gps_time AS read_at,
             true AS is_fix
            FROM tracksolid.position_history h
           WHERE ((h.imei = fn_vehicle_steps.imei) AND (h.gps_time >= fn_vehicle_steps.to_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
           ORDER BY h.gps_time
          LIMIT 1
         ), fix AS (
          SELECT before.gps_time,
             before.lat,
             before.lng,
             before.speed_kmh,
             before.ignition,
             before.odometer_km,
             before.read_at,
             before.is_fix
            FROM before
         UNION ALL
          SELECT h.gps_time,
             h.lat,
             h.lng,
             h.speed_kmh,
             h.ignition,
             h.odometer_km,
             h.gps_time,
             true
            FROM tracksolid.position_history h
           WHERE ((h.imei = fn_vehicle_steps.imei) AND (h.gps_time >= fn_vehicle_steps.from_time) AND (h.gps_time < fn_vehicle_steps.to_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
         UNION ALL
          SELECT after.gps_time,
             after.lat,
             after.lng,
             after.speed_kmh,
             after.ignition,
             after.odometer_km,
             after.read_at,
             after.is_fix
            FROM after
         UNION ALL
          SELECT s.heard_at,
             stood.lat,
             stood.lng,
             0,
             false,
             stood.odometer_km,
             s.heard_at,
             false
            FROM ((tracksolid.stands s
              CROSS JOIN LATERAL ( SELECT h.gps_time,
                     h.lat,
                     h.lng,
                     h.odometer_km
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = s.imei) AND (h.gps_time <= s.heard_at) AND (h.gps_time > (s.heard_at - '32 days'::interval)) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time DESC
                  LIMIT 1) stood)
              LEFT JOIN LATERAL ( SELECT h.gps_time,
                     h.lat,
                     h.lng
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = s.imei) AND (h.gps_time > s.heard_at) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time
                  LIMIT 1) next ON (true))
           WHERE ((s.imei = fn_vehicle_steps.imei) AND (s.heard_at > COALESCE(( SELECT before.gps_time
                    FROM before), '-infinity'::timestamp with time zone)) AND (s.heard_at < COALESCE(( SELECT after.gps_time
                    FROM after), 'infinity'::timestamp with time zone)) AND ((next.gps_time IS NULL) OR ((next.gps_time > (stood.gps_time + fn_vehicle_steps.gap_limit)) AND (((111.32)::double precision * sqrt((((next.lat - stood.lat) ^ (2)::double precision) + (((next.lng - stood.lng) * cos(radians(stood.lat))) ^ (2)::double precision)))) <= ((((200)::numeric * EXTRACT(epoch FROM (next.gps_time - s.heard_at))) / (3600)::numeric))::double precision))))
         UNION ALL
          SELECT LEAST(l.contact_at, (newest.gps_time + '32 days'::interval)) AS "least",
             newest.lat,
             newest.lng,
             0,
             false,
             newest.odometer_km,
             l.contact_at,
             false
            FROM (tracksolid.live_positions l
              CROSS JOIN LATERAL ( SELECT h.gps_time,
                     h.lat,
                     h.lng,
                     h.odometer_km
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = l.imei) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time DESC
                  LIMIT 1) newest)
           WHERE ((l.imei = fn_vehicle_steps.imei) AND (l.ignition IS FALSE) AND (l.contact_at > newest.gps_time) AND (l.contact_at > fn_vehicle_steps.from_time))
         ), numbered AS (
          SELECT f.gps_time,
             f.lat,
             f.lng,
             f.speed_kmh,
             f.ignition,
             f.odometer_km,
             f.read_at,
             f.is_fix,
             count(f.odometer_km) OVER (ORDER BY f.gps_time) AS reading
            FROM fix f
         ), carried AS (
          SELECT n.gps_time,
             n.lat,
             n.lng,
             n.speed_kmh,
             n.ignition,
             n.is_fix,
             first_value(n.odometer_km) OVER r AS odometer_km,
             first_value(n.read_at) OVER r AS read_at
            FROM numbered n
           WINDOW r AS (PARTITION BY n.reading ORDER BY n.gps_time)
         ), pair AS (
          SELECT c.gps_time,
             c.lat,
             c.lng,
             c.speed_kmh,
             c.ignition,
             c.is_fix,
             c.odometer_km,
             c.read_at,
             lead(c.gps_time) OVER t AS next_time,
             lead(c.lat) OVER t AS next_lat,
             lead(c.lng) OVER t AS next_lng,
             lead(c.speed_kmh) OVER t AS next_speed_kmh,
             lead(c.ignition) OVER t AS next_ignition,
             lead(c.odometer_km) OVER t AS next_odometer_km,
             lead(c.read_at) OVER t AS next_read_at
            FROM carried c
           WINDOW t AS (ORDER BY c.gps_time)
         ), measured AS (
          SELECT p.gps_time,
             p.lat,
             p.lng,
             p.speed_kmh,
             p.ignition,
             p.is_fix,
             p.odometer_km,
             p.read_at,
             p.next_time,
             p.next_lat,
             p.next_lng,
             p.next_speed_kmh,
             p.next_ignition,
             p.next_odometer_km,
             p.next_read_at,
             (p.next_time - p.gps_time) AS lasted,
             ((111.32)::double precision * sqrt((((p.next_lat - p.lat) ^ (2)::double precision) + (((p.next_lng - p.lng) * cos(radians(p.lat))) ^ (2)::double precision)))) AS km,
             (p.next_odometer_km - p.odometer_km) AS driven_km
            FROM pair p
           WHERE ((p.next_time <= (p.gps_time + '32 days'::interval)) AND (p.next_time > p.gps_time))
         ), judged AS (
          SELECT m.gps_time,
             m.lat,
             m.lng,
             m.speed_kmh,
             m.ignition,
             m.is_fix,
             m.odometer_km,
             m.read_at,
             m.next_time,
             m.next_lat,
             m.next_lng,
             m.next_speed_kmh,
             m.next_ignition,
             m.next_odometer_km,
             m.next_read_at,
             m.lasted,
             m.km,
             m.driven_km,
                 CASE
                     WHEN (m.lasted <= fn_vehicle_steps.gap_limit) THEN
                     CASE
                         WHEN ((m.speed_kmh > fn_vehicle_steps.moving_above_kmh) OR (m.next_speed_kmh > fn_vehicle_steps.moving_above_kmh) OR (m.km > (0.1)::double precision)) THEN 'moving'::text
                         WHEN m.ignition THEN 'idling'::text
                         ELSE 'parked'::text
                     END
                     WHEN ((m.km > (0.2)::double precision) OR (m.speed_kmh > fn_vehicle_steps.moving_above_kmh) OR (m.ignition AND (m.next_ignition IS DISTINCT FROM false))) THEN 'unknown'::text
                     ELSE 'parked'::text
                 END AS state
            FROM measured m
         )
  SELECT j.gps_time,
     j.next_time,
     j.state,
     j.ignition,
     j.speed_kmh,
         CASE
             WHEN ((j.state = 'idling'::text) OR (j.state = 'parked'::text) OR ((j.km * (3600)::double precision) > (((250)::numeric * EXTRACT(epoch FROM j.lasted)))::double precision)) THEN (0)::double precision
             ELSE j.km
         END AS km,
         CASE
             WHEN ((j.read_at < (j.gps_time - '01:00:00'::interval)) OR (j.next_read_at <> j.next_time)) THEN NULL::double precision
             WHEN ((j.driven_km >= (0)::double precision) AND (j.driven_km <= (((1)::numeric + (((200)::numeric * EXTRACT(epoch FROM (j.next_time - j.read_at))) / (3600)::numeric)))::double precision)) THEN j.driven_km
             ELSE NULL::double precision
         END AS "case",
     COALESCE(((j.read_at >= (j.gps_time - '01:00:00'::interval)) AND (j.next_read_at = j.next_time) AND ((j.driven_km < (0)::double precision) OR (j.driven_km > (((1)::numeric + (((200)::numeric * EXTRACT(epoch FROM (j.next_time - j.read_at))) / (3600)::numeric)))::double precision))), false) AS "coalesce",
     j.is_fix,
     ((j.state = 'unknown'::text) AND (j.lasted >= '1 day'::interval))
    FROM judged j
   WHERE ((j.next_time > fn_vehicle_steps.from_time) AND (j.gps_time < fn_vehicle_steps.to_time));
END

-- The way of a vehicle in [from_time, to_time), oldest fix first; satellites only, and nothing of a vehicle that is left out of maps. segment: counts from 1, a new one after each gap (no fix for gap_limit, and over 200 m away), so that no line is drawn over it. stands: at most 3 km/h. With tolerance_m over 0 fixes are left out that are no further than so many metres from the line of those that stay; the ends of stops and of segments always stay.
CREATE OR REPLACE FUNCTION reporting.fn_vehicle_track(imei text, from_time timestamp with time zone, to_time timestamp with time zone, tolerance_m double precision DEFAULT 0, gap_limit interval DEFAULT '00:10:00'::interval)
 RETURNS TABLE(segment integer, gps_time timestamp with time zone, lat double precision, lng double precision, speed_kmh real, heading_deg smallint, ignition boolean, stands boolean)
 LANGUAGE plpgsql
 STABLE
AS $function$
#variable_conflict use_column
declare
  fixes    record;
  -- Metres to the east and to the north, over ground that is flat at this scale.
  east     double precision[];
  north    double precision[];
  keep     boolean[];
  numbers  integer[];
  stack    integer[];
  first    integer;
  last     integer;
  farthest integer;
  widest   double precision;
  along_e  double precision;
  along_n  double precision;
  length_2 double precision;
  share    double precision;
  off      double precision;
begin
  if exists (
    select from tracksolid.devices d
    where d.imei = fn_vehicle_track.imei and (d.hidden_on_map or d.kind <> 'vehicle')
  ) then
    return;
  end if;
  select
    array_agg(s.segment order by s.at) as segments, array_agg(s.at order by s.at) as times,
    array_agg(s.lat order by s.at) as lats, array_agg(s.lng order by s.at) as lngs,
    array_agg(s.speed order by s.at) as speeds, array_agg(s.heading order by s.at) as headings,
    array_agg(s.ignition order by s.at) as ignitions, array_agg(s.stands order by s.at) as stands
  into fixes
  from (
    select f.*, (count(*) filter (where f.is_gap) over (order by f.at))::integer + 1 as segment
    from (
      select h.gps_time as at, h.lat, h.lng, h.speed_kmh as speed, h.heading_deg as heading, h.ignition,
        coalesce(h.speed_kmh, 0) <= 3 as stands,
        -- Too long without a fix, and somewhere else: nobody knows the way.
        h.gps_time - lag(h.gps_time) over w > fn_vehicle_track.gap_limit and 111320 * sqrt(
          (h.lat - lag(h.lat) over w) ^ 2 + ((h.lng - lag(h.lng) over w) * cos(radians(h.lat))) ^ 2
        ) > 200 as is_gap
      from tracksolid.position_history h
      where h.imei = fn_vehicle_track.imei and h.gps_time >= fn_vehicle_track.from_time
        and h.gps_time < fn_vehicle_track.to_time and not h.clock_ahead and (h.pos_type is null or h.pos_type = 'GPS')
      window w as (order by h.gps_time)
    ) f
  ) s;
  if fixes.times is null then
    return;
  end if;

  last := array_length(fixes.times, 1);
  numbers := fixes.segments;
  keep := array_fill(fn_vehicle_track.tolerance_m <= 0, array[last]);
  if fn_vehicle_track.tolerance_m > 0 then
    first := 1;
    for i in 1..last loop
      east[i] := 111320 * fixes.lngs[i] * cos(radians(fixes.lats[1]));
      north[i] := 111320 * fixes.lats[i];
      -- The ends of segments and of stops stay.
      if i = 1 or i = last or numbers[i] <> numbers[i - 1] or numbers[i] <> numbers[i + 1]
        or fixes.stands[i] <> fixes.stands[i - 1] or fixes.stands[i] <> fixes.stands[i + 1]
      then
        keep[i] := true;
        -- Between them, whatever is further off the line than the tolerance (Ramer, Douglas, Peucker).
        stack := array[first, i];
        while array_length(stack, 1) > 0 loop
          last := stack[array_length(stack, 1)];
          first := stack[array_length(stack, 1) - 1];
          stack := stack[1:array_length(stack, 1) - 2];
          widest := fn_vehicle_track.tolerance_m ^ 2;
          farthest := null;
          along_e := east[last] - east[first];
          along_n := north[last] - north[first];
          length_2 := along_e ^ 2 + along_n ^ 2;
          for k in first + 1..last - 1 loop
            share := case when length_2 = 0 then 0 else least(1, greatest(0,
              ((east[k] - east[first]) * along_e + (north[k] - north[first]) * along_n) / length_2
            )) end;
            off := (east[k] - east[first] - share * along_e) ^ 2 + (north[k] - north[first] - share * along_n) ^ 2;
            if off > widest then
              widest := off;
              farthest := k;
            end if;
          end loop;
          if farthest is not null then
            keep[farthest] := true;
            stack := stack || array[first, farthest, farthest, last];
          end if;
        end loop;
        first := i;
        last := array_length(fixes.times, 1);
      end if;
    end loop;
  end if;

  return query
    select fixes.segments[i], fixes.times[i], fixes.lats[i], fixes.lngs[i], fixes.speeds[i], fixes.headings[i],
      fixes.ignitions[i], fixes.stands[i]
    from generate_series(1, array_length(keep, 1)) i
    where keep[i]
    order by i;
end $function$

-- Vehicles that did not move on a day of the fleet's zone, longest first. known: it was seen standing on that day; otherwise nobody knows. last_moved_day: null where no move is known at all. contact_at is of now, whatever the day.
CREATE OR REPLACE FUNCTION reporting.fn_vehicles_not_moved(day date)
 RETURNS TABLE(imei text, name text, plate text, driver text, account text, city text, segment text, vehicle_type text, last_moved_day date, days_since integer, contact_at timestamp with time zone, known boolean)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 SELECT d.imei,
     d.name,
     d.plate,
     dev.driver_name,
     d.account,
     d.city,
     d.segment,
     d.vehicle_type,
     moved.day,
     (fn_vehicles_not_moved.day - moved.day),
     l.contact_at,
     COALESCE(((v.parked_s + v.idling_s) > 0), false) AS "coalesce"
    FROM ((((reporting.v_vehicles d
      JOIN tracksolid.devices dev ON ((dev.imei = d.imei)))
      LEFT JOIN tracksolid.live_positions l ON ((l.imei = d.imei)))
      LEFT JOIN reporting.vehicle_day v ON (((v.imei = d.imei) AND (v.day = fn_vehicles_not_moved.day))))
      LEFT JOIN LATERAL ( SELECT m.day
            FROM reporting.vehicle_day m
           WHERE ((m.imei = d.imei) AND (m.day <= fn_vehicles_not_moved.day) AND (m.moving_s > 0))
           ORDER BY m.day DESC
          LIMIT 1) moved ON (true))
   WHERE (d.enabled AND (moved.day IS DISTINCT FROM fn_vehicles_not_moved.day))
   ORDER BY moved.day NULLS FIRST, d.imei;
END

-- The longest stay of a vehicle within visit_distance_m of a place in [from_time, to_time], and how near it came; no row where nobody knows where it was, zeros where it was elsewhere. A stay lasts from fix to fix until one is elsewhere; the steps into and out of the time count as far as they reach into it, where both their ends are within, up to fixes of known_to. stood_s: standing, also over a gap (more than gap_s between two fixes) at whose start it stood with the ignition not on. unseen_s: the other gaps, which count half when stays are compared. longest_gap_s: the longest of either. nearest_m: null beyond look_distance_m. Only fixes of satellites.
CREATE OR REPLACE FUNCTION reporting.fn_visit(imei text, lat double precision, lng double precision, from_time timestamp with time zone, to_time timestamp with time zone, known_to timestamp with time zone, visit_distance_m real, look_distance_m real, gap_s integer)
 RETURNS TABLE(first_within_at timestamp with time zone, last_within_at timestamp with time zone, within_s integer, stood_s integer, unseen_s integer, longest_gap_s integer, fixes integer, nearest_m double precision)
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH edge AS (
          SELECT (fn_visit.look_distance_m / (111320)::double precision) AS north,
             (fn_visit.look_distance_m / ((111320)::double precision * GREATEST(cos(radians(fn_visit.lat)), (0.01)::double precision))) AS east
         ), fix AS (
          SELECT b.gps_time,
             b.lat,
             b.lng,
             b.speed_kmh,
             b.ignition,
             'before'::text AS part
            FROM ( SELECT h.gps_time,
                     h.lat,
                     h.lng,
                     h.speed_kmh,
                     h.ignition
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = fn_visit.imei) AND (h.gps_time < fn_visit.from_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time DESC
                  LIMIT 1) b
           WHERE (b.gps_time > (fn_visit.from_time - '32 days'::interval))
         UNION ALL
          SELECT h.gps_time,
             h.lat,
             h.lng,
             h.speed_kmh,
             h.ignition,
             'during'::text
            FROM edge,
             tracksolid.position_history h
           WHERE ((h.imei = fn_visit.imei) AND (h.gps_time >= fn_visit.from_time) AND (h.gps_time <= fn_visit.to_time) AND ((h.lat >= (fn_visit.lat - edge.north)) AND (h.lat <= (fn_visit.lat + edge.north))) AND ((h.lng >= (fn_visit.lng - edge.east)) AND (h.lng <= (fn_visit.lng + edge.east))) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
         UNION ALL
          SELECT a.gps_time,
             a.lat,
             a.lng,
             a.speed_kmh,
             a.ignition,
             'after'::text
            FROM ( SELECT h.gps_time,
                     h.lat,
                     h.lng,
                     h.speed_kmh,
                     h.ignition
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = fn_visit.imei) AND (h.gps_time > fn_visit.to_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time
                  LIMIT 1) a
           WHERE ((a.gps_time <= fn_visit.known_to) AND (a.gps_time < (fn_visit.to_time + '32 days'::interval)))
         UNION ALL
          SELECT l_1.contact_at,
             newest.lat,
             newest.lng,
             0,
             false,
             'heard'::text
            FROM (tracksolid.live_positions l_1
              CROSS JOIN LATERAL ( SELECT h.gps_time,
                     h.lat,
                     h.lng
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = l_1.imei) AND (h.gps_time > (fn_visit.from_time - '32 days'::interval)) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text)))
                   ORDER BY h.gps_time DESC
                  LIMIT 1) newest)
           WHERE ((l_1.imei = fn_visit.imei) AND (l_1.ignition IS FALSE) AND (l_1.contact_at > newest.gps_time) AND (newest.gps_time <= fn_visit.to_time) AND (l_1.contact_at > fn_visit.from_time))
         ), near AS (
          SELECT f.gps_time,
             f.lat,
             f.lng,
             f.speed_kmh,
             f.ignition,
             f.part,
             GREATEST(LEAST(f.gps_time, fn_visit.to_time), fn_visit.from_time) AS at,
             (COALESCE(f.speed_kmh, (0)::real) <= (3)::double precision) AS stands,
             ((111320)::double precision * sqrt((((f.lat - fn_visit.lat) ^ (2)::double precision) + (((f.lng - fn_visit.lng) * cos(radians(fn_visit.lat))) ^ (2)::double precision)))) AS away_m
            FROM fix f
         ), step AS (
          SELECT n.gps_time,
             n.lat,
             n.lng,
             n.speed_kmh,
             n.ignition,
             n.part,
             n.at,
             n.stands,
             n.away_m,
             lag(n.gps_time) OVER t AS last_time,
             lag(n.at) OVER t AS last_at,
             (lag(n.stands) OVER t AND (lag(n.ignition) OVER t IS NOT TRUE)) AS was_left,
             lag(n.stands) OVER t AS stood
            FROM near n
           WHERE (n.away_m <= fn_visit.visit_distance_m)
           WINDOW t AS (ORDER BY n.gps_time)
         ), numbered AS (
          SELECT s.gps_time,
             s.lat,
             s.lng,
             s.speed_kmh,
             s.ignition,
             s.part,
             s.at,
             s.stands,
             s.away_m,
             s.last_time,
             s.last_at,
             s.was_left,
             s.stood,
             count(*) FILTER (WHERE ((s.last_time IS NULL) OR (EXISTS ( SELECT
                    FROM tracksolid.position_history h
                   WHERE ((h.imei = fn_visit.imei) AND (h.gps_time > s.last_time) AND (h.gps_time < s.gps_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text))))))) OVER (ORDER BY s.gps_time) AS stay
            FROM step s
         ), judged AS (
          SELECT n.gps_time,
             n.lat,
             n.lng,
             n.speed_kmh,
             n.ignition,
             n.part,
             n.at,
             n.stands,
             n.away_m,
             n.last_time,
             n.last_at,
             n.was_left,
             n.stood,
             n.stay,
             (row_number() OVER (PARTITION BY n.stay ORDER BY n.gps_time) > 1) AS goes_on,
             ((n.gps_time - n.last_time) > make_interval(secs => (fn_visit.gap_s)::double precision)) AS is_gap,
             EXTRACT(epoch FROM (n.at - n.last_at)) AS lasted_s
            FROM numbered n
         ), stay AS (
          SELECT min(j.at) AS first_within_at,
             max(j.at) AS last_within_at,
             (EXTRACT(epoch FROM (max(j.at) - min(j.at))))::integer AS within_s,
             (COALESCE(sum(j.lasted_s) FILTER (WHERE (j.goes_on AND
                 CASE
                     WHEN j.is_gap THEN j.was_left
                     ELSE (j.stood AND j.stands)
                 END)), (0)::numeric))::integer AS stood_s,
             (COALESCE(sum(j.lasted_s) FILTER (WHERE (j.goes_on AND j.is_gap AND (NOT j.was_left))), (0)::numeric))::integer AS unseen_s,
             (COALESCE(max(EXTRACT(epoch FROM (j.gps_time - j.last_time))) FILTER (WHERE (j.goes_on AND j.is_gap)), (0)::numeric))::integer AS longest_gap_s,
             (count(*) FILTER (WHERE (j.part = 'during'::text)))::integer AS fixes,
             min(j.away_m) AS nearest_m
            FROM judged j
           GROUP BY j.stay
          HAVING ((max(j.at) > min(j.at)) OR bool_or((j.part = 'during'::text)))
         ), longest AS (
          SELECT s.first_within_at,
             s.last_within_at,
             s.within_s,
             s.stood_s,
             s.unseen_s,
             s.longest_gap_s,
             s.fixes,
             s.nearest_m
            FROM stay s
           ORDER BY ((2 * s.within_s) - s.unseen_s) DESC, s.stood_s DESC, s.first_within_at
          LIMIT 1
         )
  SELECT l.first_within_at,
     l.last_within_at,
     COALESCE(l.within_s, 0) AS "coalesce",
     COALESCE(l.stood_s, 0) AS "coalesce",
     COALESCE(l.unseen_s, 0) AS "coalesce",
     COALESCE(l.longest_gap_s, 0) AS "coalesce",
     COALESCE(l.fixes, 0) AS "coalesce",
     LEAST(l.nearest_m, nearest.away_m) AS "least"
    FROM (( SELECT min(n.away_m) AS away_m
            FROM near n
           WHERE ((n.part = ANY (ARRAY['during'::text, 'heard'::text])) AND (n.away_m <= fn_visit.look_distance_m))) nearest
      LEFT JOIN longest l ON (true))
   WHERE ((l.within_s IS NOT NULL) OR (EXISTS ( SELECT
            FROM fix f
           WHERE (f.part = ANY (ARRAY['during'::text, 'heard'::text])))) OR (EXISTS ( SELECT
            FROM tracksolid.position_history h
           WHERE ((h.imei = fn_visit.imei) AND (h.gps_time >= fn_visit.from_time) AND (h.gps_time <= fn_visit.to_time) AND (NOT h.clock_ahead) AND ((h.pos_type IS NULL) OR (h.pos_type = 'GPS'::text))))));
END

-- What vehicles warned of. Grain: day, kind of alarm, account, city and segment.
view reporting.v_alarms_daily as
 SELECT a.day,
    a.canonical_code,
    COALESCE(c.name, a.canonical_code) AS alarm,
    c.class,
    d.account,
    d.city,
    d.segment,
    sum(a.alarms)::integer AS alarms,
    count(*)::integer AS vehicles
   FROM reporting.alarm_day a
     JOIN reporting.v_vehicles d ON d.imei = a.imei
     LEFT JOIN tracksolid.alarm_codes c ON c.code = a.canonical_code
  GROUP BY a.day, a.canonical_code, c.name, c.class, d.account, d.city, d.segment;

-- How a driver drove on a day, over all vehicles they had. Grain: day and driver.
view reporting.v_driver_aggregates_daily as
 SELECT r.day,
    r.driver_name,
    count(*)::integer AS vehicles,
    sum(r.moving_s)::integer AS moving_s,
    sum(r.idling_s)::integer AS idling_s,
    sum(r.distance_km) AS distance_km,
    sum(r.trips)::integer AS trips,
    max(r.max_speed_kmh) AS max_speed_kmh,
    sum(r.speeding_events)::integer AS speeding_events,
    sum(r.harsh_events)::integer AS harsh_events,
    sum(r.alarms)::integer AS alarms,
    (100 * sum(r.speeding_events + r.harsh_events))::double precision / NULLIF(sum(r.distance_km), 0::double precision) AS events_per_100_km
   FROM reporting.driver_day r
     JOIN reporting.v_vehicles d ON d.imei = r.imei
  GROUP BY r.day, r.driver_name;

-- When a driver's day with a vehicle began and ended, and whether that was late for the vehicle's shift. Grain: day, driver and vehicle.
view reporting.v_driver_clock_daily as
 SELECT r.day,
    r.driver_name,
    r.imei,
    d.name,
    d.plate,
    d.account,
    d.city,
    d.shift,
    s.shift_from,
    s.shift_to,
    r.first_ignition_at,
    r.first_moving_at,
    r.last_moving_at,
    r.last_ignition_at,
    s.began_at,
        CASE
            WHEN s.began_at IS NOT NULL THEN GREATEST(EXTRACT(epoch FROM s.began_at - s.due_at), 0::numeric)::integer
            ELSE NULL::integer
        END AS late_s,
    s.began_at > (s.due_at + s.grace) AS is_late
   FROM reporting.driver_day r
     JOIN reporting.v_vehicles d ON d.imei = r.imei
     LEFT JOIN LATERAL reporting.fn_shift(r.imei, r.driver_name, r.day, r.first_moving_at, r.last_moving_at) s(shift_from, shift_to, due_at, grace, began_at) ON true;

-- What holds for the whole fleet. Grain: one row.
view reporting.v_fleet as
 SELECT zone
   FROM tracksolid.fleet;

-- How far the fleet drove. Grain: day, account, city and segment.
view reporting.v_fleet_km_daily as
 SELECT v.day,
    d.account,
    d.city,
    d.segment,
    count(*)::integer AS vehicles,
    count(*) FILTER (WHERE v.moving_s > 0)::integer AS vehicles_moved,
    sum(v.distance_km) AS distance_km,
    sum(v.odometer_km) AS odometer_km,
    sum(v.vendor_km) AS vendor_km,
    sum(v.gps_km) AS gps_km,
    count(*) FILTER (WHERE v.distance_km IS NULL)::integer AS vehicles_unknown
   FROM reporting.vehicle_day v
     JOIN reporting.v_vehicles d ON d.imei = v.imei
  GROUP BY v.day, d.account, d.city, d.segment;

-- Fuel a vehicle used on a day: what the vendor reports with trips and what its consumption makes of its distance, kept apart. Grain: vehicle and day.
view reporting.v_fuel_daily as
 SELECT v.day,
    v.imei,
    d.name,
    d.plate,
    d.account,
    d.city,
    d.segment,
    d.vehicle_type,
    v.distance_km,
    v.fuel_l AS reported_l,
    v.distance_km * d.fuel_l_per_100_km / 100::double precision AS estimated_l,
    v.fuel_l::numeric * p.price_per_l AS reported_cost,
    (v.distance_km * d.fuel_l_per_100_km / 100::double precision)::numeric * p.price_per_l AS estimated_cost,
    p.currency,
    e.refills,
    e.refilled_l,
    e.drains,
    e.drained_l
   FROM reporting.vehicle_day v
     JOIN reporting.v_vehicles d ON d.imei = v.imei
     CROSS JOIN tracksolid.fleet f
     LEFT JOIN LATERAL ( SELECT fuel_prices.price_per_l,
            fuel_prices.currency
           FROM tracksolid.fuel_prices
          WHERE fuel_prices.valid_from <= v.day
          ORDER BY fuel_prices.valid_from DESC
         LIMIT 1) p ON true
     CROSS JOIN LATERAL ( SELECT count(*) FILTER (WHERE told.kind = 'refill'::text)::integer AS refills,
            sum(told.litres) FILTER (WHERE told.kind = 'refill'::text) AS refilled_l,
            count(*) FILTER (WHERE told.kind = 'drain'::text)::integer AS drains,
            sum(told.litres) FILTER (WHERE told.kind = 'drain'::text) AS drained_l
           FROM ( SELECT x.kind,
                    x.litres,
                    x.source,
                    max(x.source) OVER () AS counts
                   FROM reporting.v_fuel_events x
                  WHERE x.imei = v.imei AND x.at >= (v.day::timestamp without time zone AT TIME ZONE f.zone) AND x.at < ((v.day + 1)::timestamp without time zone AT TIME ZONE f.zone) AND x.confidence >= 0.5::double precision) told
          WHERE told.source = told.counts) e;

-- Refills and drains with the vehicle as it is now and the driver of the time. Grain: vehicle, sensor and step. A drain of high confidence is worth a question, not a verdict.
view reporting.v_fuel_events as
 SELECT e.imei,
    d.name,
    d.plate,
    d.account,
    d.city,
    d.segment,
    d.vehicle_type,
    drove.driver_name AS driver,
    d.hidden_on_map,
    e.kind,
    e.before_at,
    e.at,
    e.from_level,
    e.to_level,
    u.unit,
    e.unexplained *
        CASE u.unit
            WHEN 'l'::text THEN 1::double precision
            WHEN 'percent'::text THEN COALESCE(dev.own_tank_l, t.tank_l)::double precision / 100::double precision
            ELSE NULL::double precision
        END AS litres,
    e.source,
    e.sensor,
    e.standing,
    e.driven_km,
    e.lat,
    e.lng,
    e.confidence,
    e.doubts
   FROM reporting.fuel_events e
     JOIN reporting.v_vehicles d ON d.imei = e.imei
     JOIN tracksolid.devices dev ON dev.imei = e.imei
     LEFT JOIN tracksolid.vehicle_types t ON t.vehicle_type = d.vehicle_type
     LEFT JOIN tracksolid.fuel_units u ON u.code = e.unit_code
     LEFT JOIN LATERAL reporting.fn_driver_at(e.imei, e.at) drove(driver_name, driver_phone, valid_from) ON true;

-- Fuel that vehicles were filled with, as it was written down at the pump; without canary devices. Grain: fill. Where fills are another product's it has no rows until npm run db:map-tickets has said how to read them.
view reporting.v_fuel_fills as
 SELECT imei,
    filled_at,
    litres,
    cost,
    currency,
    odometer_km,
    station
   FROM ( SELECT NULL::text AS imei,
            NULL::timestamp with time zone AS filled_at,
            NULL::double precision AS litres,
            NULL::numeric AS cost,
            NULL::text AS currency,
            NULL::double precision AS odometer_km,
            NULL::text AS station
          WHERE false
        UNION ALL
         SELECT f_1.imei,
            f_1.filled_at,
            f_1.litres,
            f_1.cost,
            f_1.currency,
            f_1.odometer_km,
            f_1.station
           FROM fuel.fills f_1) f
  WHERE NOT (EXISTS ( SELECT
           FROM tracksolid.devices d
          WHERE d.imei = f.imei AND d.kind <> 'vehicle'::text));

-- Visits of vehicles to geofences; without those who passed by: surely inside for geofences.min_stay_s at most. Grain: visit, whatever the day.
view reporting.v_geofence_visits as
 SELECT v.geofence_id,
    g.name AS geofence,
    g.kind,
    v.imei,
    d.name,
    d.plate,
    d.city,
    v.entered_at,
    v.entered_after,
    v.left_at,
    v.left_before,
    k.known_to,
    EXTRACT(epoch FROM k.known_to - v.entered_at)::integer AS inside_s,
    EXTRACT(epoch FROM v.left_before - v.entered_after)::integer AS at_most_s,
    EXTRACT(epoch FROM v.entered_at - v.entered_after)::integer AS entry_within_s,
    EXTRACT(epoch FROM v.left_before - v.left_at)::integer AS exit_within_s,
    COALESCE((v.entered_at - v.entered_after) <= '00:10:00'::interval, false) AS entry_is_exact,
        CASE
            WHEN v.left_at IS NOT NULL THEN (v.left_before - v.left_at) <= '00:10:00'::interval
            ELSE NULL::boolean
        END AS exit_is_exact,
    v.fixes
   FROM tracksolid.geofence_visits v
     JOIN tracksolid.geofences g ON g.geofence_id = v.geofence_id
     JOIN reporting.v_vehicles d ON d.imei = v.imei
     LEFT JOIN tracksolid.live_positions l ON l.imei = v.imei AND l.ignition IS FALSE AND v.left_at IS NULL
     CROSS JOIN LATERAL ( SELECT GREATEST(v.last_inside_at, l.contact_at) AS known_to) k
  WHERE ((v.left_before - v.entered_after) <= (g.min_stay_s::double precision * '00:00:01'::interval)) IS NOT TRUE;

-- Visits by the day; one over midnight is shared out. Grain: geofence, vehicle and day.
view reporting.v_geofence_visits_daily as
 SELECT day.day::date AS day,
    v.geofence_id,
    v.geofence,
    v.kind,
    v.imei,
    v.name,
    v.plate,
    v.city,
    count(*)::integer AS visits,
    count(*) FILTER (WHERE v.entered_at >= t.day_from)::integer AS visits_begun,
    sum(EXTRACT(epoch FROM LEAST(v.known_to, t.day_to) - GREATEST(v.entered_at, t.day_from)))::integer AS inside_s
   FROM tracksolid.fleet f
     CROSS JOIN reporting.v_geofence_visits v
     CROSS JOIN LATERAL generate_series((v.entered_at AT TIME ZONE f.zone)::date::timestamp without time zone, (v.known_to AT TIME ZONE f.zone), '1 day'::interval) day(day)
     CROSS JOIN LATERAL ( SELECT (day.day AT TIME ZONE f.zone) AS day_from,
            ((day.day + '1 day'::interval) AT TIME ZONE f.zone) AS day_to) t
  GROUP BY (day.day::date), v.geofence_id, v.geofence, v.kind, v.imei, v.name, v.plate, v.city;

-- The geofences, a row each, also those that are disabled.
view reporting.v_geofences as
 SELECT geofence_id,
    name,
    kind,
    geometry,
    radius_m,
    enabled,
    min_stay_s,
    rejoin_s,
    min_lat,
    max_lat,
    min_lng,
    max_lng,
    created_at,
    changed_at
   FROM tracksolid.geofences g;

-- Newest run, success and failure of every job of the pipeline that ever ran; the caller compares ages with the schedule, or asks fn_ingest_health. The columns of the view that had this name before are not known: these are ours.
view reporting.v_ingest_health as
 SELECT endpoint,
    last_run_at,
    last_run_success,
    last_error_code,
    last_error,
    last_rows_received,
    last_vehicles_left_out,
    last_success_at,
    last_failure_at
   FROM reporting.v_job_health;

-- The remark that counts of each insight that has one: the newest. Grain: insight.
view reporting.v_insight_verdicts as
 SELECT r.insight_id,
    i.day,
    i.kind,
    i.subject_type,
    i.subject,
    r.remark_id,
    r.verdict,
    r.note,
    r.until_day,
    r.applies_to,
    r.key_id,
    r.remarked_at
   FROM reporting.insight_remarks r
     JOIN reporting.insights i ON i.id = r.insight_id
  WHERE NOT (EXISTS ( SELECT
           FROM reporting.insight_remarks n
          WHERE n.insight_id = r.insight_id AND n.remark_id > r.remark_id));

-- Newest run, success and failure of every job of the pipeline that ever ran; the caller compares ages with the schedule, or asks fn_ingest_health.
view reporting.v_job_health as
 SELECT j.job AS endpoint,
    last_run.run_at AS last_run_at,
    last_run.success AS last_run_success,
    last_run.error_code AS last_error_code,
    last_run.error AS last_error,
    last_run.rows_received AS last_rows_received,
    last_run.vehicles_left_out AS last_vehicles_left_out,
    last_success.run_at AS last_success_at,
    last_failure.run_at AS last_failure_at
   FROM tracksolid.pipeline_jobs j
     LEFT JOIN LATERAL reporting.fn_last_run(j.job, true, 'infinity'::timestamp with time zone) last_success(run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected, vehicles_left_out, error_code, error) ON true
     LEFT JOIN LATERAL reporting.fn_last_run(j.job, false, 'infinity'::timestamp with time zone) last_failure(run_id, endpoint, run_at, duration_ms, success, api_calls, rows_received, rows_inserted, rows_updated, rows_duplicate, rows_rejected, vehicles_left_out, error_code, error) ON true
     CROSS JOIN LATERAL ( SELECT r.run_id,
            r.endpoint,
            r.run_at,
            r.duration_ms,
            r.success,
            r.api_calls,
            r.rows_received,
            r.rows_inserted,
            r.rows_updated,
            r.rows_duplicate,
            r.rows_rejected,
            r.vehicles_left_out,
            r.error_code,
            r.error
           FROM ( SELECT last_success.run_id,
                    last_success.endpoint,
                    last_success.run_at,
                    last_success.duration_ms,
                    last_success.success,
                    last_success.api_calls,
                    last_success.rows_received,
                    last_success.rows_inserted,
                    last_success.rows_updated,
                    last_success.rows_duplicate,
                    last_success.rows_rejected,
                    last_success.vehicles_left_out,
                    last_success.error_code,
                    last_success.error
                UNION ALL
                 SELECT last_failure.run_id,
                    last_failure.endpoint,
                    last_failure.run_at,
                    last_failure.duration_ms,
                    last_failure.success,
                    last_failure.api_calls,
                    last_failure.rows_received,
                    last_failure.rows_inserted,
                    last_failure.rows_updated,
                    last_failure.rows_duplicate,
                    last_failure.rows_rejected,
                    last_failure.vehicles_left_out,
                    last_failure.error_code,
                    last_failure.error) r
          WHERE r.run_at IS NOT NULL
          ORDER BY r.run_at DESC
         LIMIT 1) last_run;

-- Resolved tickets against the fixes of the vehicle they were assigned to, between opened and resolved (rules: tracksolid.ticket_rules). Grain: ticket. Ask for some by number, or with reporting.fn_ticket_visits, which also has open ones.
view reporting.v_ticket_visits as
 SELECT kind,
    number,
    state,
    priority,
    area,
    opened_at,
    due_at,
    resolved_at,
    is_open,
    driver_name,
    imei,
    assigned_by,
    outcome,
    visited,
    confidence,
    first_within_at,
    last_within_at,
    within_s,
    stood_s,
    stood,
    fixes,
    nearest_m,
    unseen_s,
    longest_gap_s,
    has_gap,
    arrived_in_time
   FROM reporting.fn_ticket_visits('-infinity'::timestamp with time zone, 'infinity'::timestamp with time zone, 'infinity'::timestamp with time zone) v(kind, number, state, priority, area, opened_at, due_at, resolved_at, is_open, driver_name, imei, assigned_by, outcome, visited, confidence, first_within_at, last_within_at, within_s, stood_s, stood, fixes, nearest_m, unseen_s, longest_gap_s, has_gap, arrived_in_time)
  WHERE resolved_at IS NOT NULL;

-- Incidents and change requests. Grain: kind and number. Where they are another product's it has no rows until npm run db:map-tickets has said how to read them.
view reporting.v_tickets as
 SELECT NULL::text AS kind,
    NULL::text AS number,
    NULL::text AS state,
    NULL::text AS priority,
    NULL::text AS area,
    NULL::double precision AS lat,
    NULL::double precision AS lng,
    NULL::timestamp with time zone AS opened_at,
    NULL::timestamp with time zone AS due_at,
    NULL::timestamp with time zone AS resolved_at,
    NULL::text AS driver_name,
    NULL::text AS imei,
    NULL::boolean AS is_open
  WHERE false
UNION ALL
 SELECT 'INC'::text AS kind,
    t.number,
    t.state,
    t.priority,
    t.area,
    t.lat,
    t.lng,
    t.opened_at,
    t.due_at,
    t.resolved_at,
    t.driver_name,
    t.imei,
    t.resolved_at IS NULL AND COALESCE(lower(btrim(t.state)) <> ALL ((( SELECT r.closed_states
           FROM tracksolid.ticket_rules r))::text[]), true) AS is_open
   FROM tickets.incidents t
UNION ALL
 SELECT 'CRQ'::text AS kind,
    t.number,
    t.state,
    t.priority,
    t.area,
    t.lat,
    t.lng,
    t.opened_at,
    t.due_at,
    t.resolved_at,
    t.driver_name,
    t.imei,
    t.resolved_at IS NULL AND COALESCE(lower(btrim(t.state)) <> ALL ((( SELECT r.closed_states
           FROM tracksolid.ticket_rules r))::text[]), true) AS is_open
   FROM tickets.change_requests t;

-- Trips with the vehicle as it is now and the driver of the time. Grain: trip. A plain view: nothing has to be refreshed.
view reporting.v_trips as
 SELECT t.imei,
    d.name,
    d.plate,
    drove.driver_name AS driver,
    d.account,
    d.city,
    d.segment,
    d.vehicle_type,
    d.hidden_on_map,
    t.start_time,
    t.end_time,
    EXTRACT(epoch FROM t.end_time - t.start_time)::integer AS duration_s,
    t.distance_km,
    t.driving_time_s,
    t.idle_time_s,
    t.avg_speed_kmh,
    t.max_speed_kmh,
    t.start_lat,
    t.start_lng,
    t.end_lat,
    t.end_lng,
    t.start_address,
    t.end_address,
    t.fuel_l,
    t.source
   FROM tracksolid.trips t
     JOIN reporting.v_vehicles d ON d.imei = t.imei
     LEFT JOIN LATERAL reporting.fn_driver_at(t.imei, t.start_time) drove(driver_name, driver_phone, valid_from) ON true;

-- How much a vehicle was used on a day. Grain: vehicle and day. A day of which nothing is known has no row.
view reporting.v_utilisation_daily as
 SELECT v.day,
    v.imei,
    d.name,
    d.plate,
    d.account,
    d.city,
    d.segment,
    d.vehicle_type,
    v.moving_s,
    v.idling_s,
    v.parked_s,
    v.unknown_s,
    v.moving_s::double precision / NULLIF(v.moving_s + v.idling_s + v.parked_s, 0)::double precision AS moving_share,
    v.distance_km,
    v.distance_source,
    v.trips,
    v.first_moving_at,
    v.last_moving_at,
    v.max_speed_kmh
   FROM reporting.vehicle_day v
     JOIN reporting.v_vehicles d ON d.imei = v.imei;

-- The vehicles of the fleet, a row each, also those that are disabled; without canary devices.
view reporting.v_vehicles as
 SELECT d.imei,
    d.device_name AS name,
    d.plate,
    d.account,
    d.city,
    d.segment,
    d.vehicle_type,
    d.model,
    d.shift,
    d.enabled,
    d.hidden_on_map,
    COALESCE(d.own_fuel_l_per_100_km::double precision, t.fuel_l_per_100_km::double precision, d.fuel_l_per_100_km) AS fuel_l_per_100_km,
    COALESCE(d.own_service_interval_km, t.service_interval_km) AS service_interval_km
   FROM tracksolid.devices d
     LEFT JOIN tracksolid.vehicle_types t ON t.vehicle_type = d.vehicle_type
  WHERE d.kind = 'vehicle'::text;

-- The cell of a place: some 25 m from north to south and from west to east.
CREATE OR REPLACE FUNCTION tracksolid.cell_of(lat double precision, lng double precision)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (((floor((lat * (4452.8)::double precision)))::bigint || ':'::text) || (floor(((lng * (4452.8)::double precision) * GREATEST(cos(radians((floor(lat) + (0.5)::double precision))), (0.01)::double precision))))::bigint)

-- Refuses a geofence that is none, and keeps its four ends.
CREATE OR REPLACE FUNCTION tracksolid.check_geofence()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  problem constant text := tracksolid.fn_geofence_problem(new.geometry, new.radius_m);
  lat     double precision;
  lng     double precision;
  reach   double precision;
begin
  if problem is not null then
    raise exception using errcode = 'check_violation', message = format('geofence %s: %s', new.name, problem);
  end if;
  if new.radius_m is null then
    select min(e.lat), max(e.lat), min(e.lng), max(e.lng) into new.min_lat, new.max_lat, new.min_lng, new.max_lng
    from tracksolid.fn_geofence_edges(new.geometry) e;
  else
    lat := (new.geometry -> 'coordinates' ->> 1)::double precision;
    lng := (new.geometry -> 'coordinates' ->> 0)::double precision;
    reach := new.radius_m / 111320;
    new.min_lat := lat - reach;
    new.max_lat := lat + reach;
    new.min_lng := lng - reach / cos(radians(abs(lat) + reach));
    new.max_lng := lng + reach / cos(radians(abs(lat) + reach));
  end if;
  return new;
end $function$

-- Cuts a geofence into parts. Where its shape changed, or what a visit is, takes its visits away and has them computed again.
CREATE OR REPLACE FUNCTION tracksolid.derive_geofence()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- A polygon in bands of some 64 edges, at most 64 of them: of 10,000 corners a fix is held against a few hundred. Fewer
  -- where edges are as long as many bands, each of which has them all.
  delete from tracksolid.geofence_parts p where p.geofence_id = new.geofence_id;
  insert into tracksolid.geofence_parts (
    geofence_id, part, min_lat, max_lat, min_lng, max_lng, area, holes, centre_lat, centre_lng, radius_m
  )
  with edge as materialized (
    select * from tracksolid.fn_geofence_edges(new.geometry)
  ), whole as (
    select polygon, min(lat) as south, max(lat) as north, ceil(least(
        64, count(*) / 64.0, 4 * count(*) * (max(lat) - min(lat)) / nullif(sum(abs(next_lat - lat)), 0)
      ))::integer as bands
    from edge where ring = 1 group by polygon
  ), band as (
    select w.polygon, b.band, w.south + (w.north - w.south) * (b.band - 1) / w.bands as south,
      case when b.band = w.bands then w.north else w.south + (w.north - w.south) * b.band / w.bands end as north
    from whole w cross join lateral generate_series(1, w.bands) b (band)
  ), clipped as (
    -- An edge is cut where it leaves the band, ten metres beyond it. What it cut off is joined along the cut, where no fix
    -- of the band can be.
    select b.polygon, b.band, b.south, b.north, e.ring, e.corner, e.next_lat, c.lat, c.to_lat,
      case when c.lat = e.lat then e.lng else e.lng + (c.lat - e.lat) * slope end as lng,
      case when c.to_lat = e.next_lat then e.next_lng else e.lng + (c.to_lat - e.lat) * slope end as to_lng
    from band b
    join edge e on e.polygon = b.polygon
      and least(e.lat, e.next_lat) <= b.north + 1e-4 and greatest(e.lat, e.next_lat) >= b.south - 1e-4
    cross join lateral (
      select least(greatest(e.lat, b.south - 1e-4), b.north + 1e-4) as lat,
        least(greatest(e.next_lat, b.south - 1e-4), b.north + 1e-4) as to_lat,
        (e.next_lng - e.lng) / nullif(e.next_lat - e.lat, 0) as slope
    ) c
  ), outline as (
    select polygon, band, south, north, ring, least(min(lng), min(to_lng)) as west, greatest(max(lng), max(to_lng)) as east,
      ('(' || string_agg(
        point(lng * 1e6, lat * 1e6)::text
          || case when to_lat = next_lat then '' else ',' || point(to_lng * 1e6, to_lat * 1e6)::text end,
        ',' order by corner
      ) || ')')::polygon as outline
    from clipped
    group by polygon, band, south, north, ring
  )
  select new.geofence_id, row_number() over (order by a.polygon, a.band), a.south, a.north, a.west, a.east, a.outline,
    array(
      select h.outline from outline h where (h.polygon, h.band) = (a.polygon, a.band) and h.ring > 1 order by h.ring
    ), null, null, null
  from outline a where a.ring = 1
  union all
  select new.geofence_id, 1, new.min_lat, new.max_lat, new.min_lng, new.max_lng, null, null,
    (place.at ->> 1)::double precision, (place.at ->> 0)::double precision, new.radius_m
  from (select case when new.radius_m is not null then new.geometry -> 'coordinates' end as at) place
  where place.at is not null;

  if tg_op = 'UPDATE' then
    if (old.geometry, old.radius_m, old.enabled, old.rejoin_s)
      is not distinct from (new.geometry, new.radius_m, new.enabled, new.rejoin_s)
    then
      return null;
    end if;
    -- In the order in which they are written.
    delete from tracksolid.geofence_crossings c where c.geofence_id = new.geofence_id;
    delete from tracksolid.geofence_visits v where v.geofence_id = new.geofence_id;
    delete from private.dirty_geofences d where d.geofence_id = new.geofence_id;
  end if;
  if new.enabled then
    insert into private.dirty_geofences (geofence_id, mark) values (new.geofence_id, pg_current_xact_id());
  end if;
  return null;
end $function$

-- The edges of a GeoJSON Polygon or MultiPolygon that fn_geofence_problem has nothing against; ring 1 is the outer one.
CREATE OR REPLACE FUNCTION tracksolid.fn_geofence_edges(geometry jsonb)
 RETURNS TABLE(polygon integer, ring integer, corner integer, lat double precision, lng double precision, next_lat double precision, next_lng double precision)
 LANGUAGE sql
 IMMUTABLE
BEGIN ATOMIC
 SELECT e.number,
     e.number_1 AS number,
     e.number_2 AS number,
     e.float8,
     e.float8_1 AS float8,
     e.next_lat,
     e.float8_2 AS float8
    FROM ( SELECT (p.number)::integer AS number,
             (r.number)::integer AS number,
             (c.number)::integer AS number,
             ((c.place ->> 1))::double precision AS float8,
             ((c.place ->> 0))::double precision AS float8,
             ((lead(c.place) OVER w ->> 1))::double precision AS next_lat,
             ((lead(c.place) OVER w ->> 0))::double precision AS float8
            FROM ((jsonb_array_elements(
                 CASE (fn_geofence_edges.geometry ->> 'type'::text)
                     WHEN 'Polygon'::text THEN jsonb_build_array((fn_geofence_edges.geometry -> 'coordinates'::text))
                     WHEN 'MultiPolygon'::text THEN (fn_geofence_edges.geometry -> 'coordinates'::text)
                     ELSE '[]'::jsonb
                 END) WITH ORDINALITY p(rings, number)
              CROSS JOIN LATERAL jsonb_array_elements(p.rings) WITH ORDINALITY r(places, number))
              CROSS JOIN LATERAL jsonb_array_elements(r.places) WITH ORDINALITY c(place, number))
           WINDOW w AS (PARTITION BY p.number, r.number ORDER BY c.number)) e(number, number_1, number_2, float8, float8_1, next_lat, float8_2)
   WHERE (e.next_lat IS NOT NULL);
END

-- Whether a place is in a part of a geofence, once it is within its four ends. The outer border is inside, the border of a hole is not, wherever the two touch; a circle holds its border. Distances over ground that is flat at this scale.
CREATE OR REPLACE FUNCTION tracksolid.fn_geofence_holds(area polygon, holes polygon[], centre_lat double precision, centre_lng double precision, radius_m double precision, lat double precision, lng double precision)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (radius_m IS NULL) THEN ((area @> point((lng * ('1000000'::numeric)::double precision), (lat * ('1000000'::numeric)::double precision))) AND (NOT (point((lng * ('1000000'::numeric)::double precision), (lat * ('1000000'::numeric)::double precision)) <@ ANY (holes)))) ELSE (((111320)::double precision * sqrt((((lat - centre_lat) ^ (2)::double precision) + (((lng - centre_lng) * cos(radians(((lat + centre_lat) / (2)::double precision)))) ^ (2)::double precision)))) <= radius_m) END

-- What is wrong with a geofence, in words; null for a good one. Rings are closed, have 4 positions or more and enclose something; they may touch themselves and each other, in either direction of the clock, but no ring crosses itself or the antimeridian. radius_m: of a Point, and only of one.
CREATE OR REPLACE FUNCTION tracksolid.fn_geofence_problem(geometry jsonb, radius_m double precision)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  polygons   jsonb;
  polygon    record;
  ring       record;
  bad        record;
  said       text;
  positions  integer := 0;
  reach_lat  double precision;
  reach_lng  double precision;
  -- A millimetre: what only touches does not cross.
  touch_deg  constant double precision := 1e-8;
begin
  if jsonb_typeof(geometry) is distinct from 'object' then
    return 'there is no geometry: give a Polygon, a MultiPolygon, or a Point with a radius';
  end if;
  case geometry ->> 'type'
    when 'Polygon' then polygons := jsonb_build_array(geometry -> 'coordinates');
    when 'MultiPolygon' then polygons := geometry -> 'coordinates';
    -- As if it were a ring of one position.
    when 'Point' then polygons := jsonb_build_array(jsonb_build_array(jsonb_build_array(geometry -> 'coordinates')));
    else
      return format('its geometry is a %s: give a Polygon, a MultiPolygon, or a Point with a radius',
        coalesce(left(geometry ->> 'type', 40), 'thing without a type'));
  end case;
  if geometry ->> 'type' <> 'Point' and radius_m is not null then
    return 'only a Point has a radius';
  elsif geometry ->> 'type' = 'Point' and radius_m is null then
    return 'a Point needs a radius in metres';
  elsif not (radius_m > 0 and radius_m <= 100000) then
    return format('its radius is %s m: give more than 0 and at most 100,000', radius_m);
  end if;
  if jsonb_typeof(polygons) is distinct from 'array' or polygons = '[]' then
    return 'it has no coordinates';
  end if;

  for polygon in select value, ordinality as number from jsonb_array_elements(polygons) with ordinality loop
    if jsonb_typeof(polygon.value) is distinct from 'array' or polygon.value = '[]' then
      return format('polygon %s has no rings', polygon.number);
    end if;
    for ring in select value, ordinality as number from jsonb_array_elements(polygon.value) with ordinality loop
      said := case when geometry ->> 'type' = 'Point' then 'its place'
        else format('ring %s of polygon %s', ring.number, polygon.number) end;
      if jsonb_typeof(ring.value) is distinct from 'array' then
        return said || ' is no list of positions';
      end if;
      positions := positions + jsonb_array_length(ring.value);
      if positions > 20000 then
        return 'it has more than 20,000 positions: simplify it';
      end if;
      select p.number, case
          when jsonb_typeof(p.place) <> 'array' then 'is no position'
          when jsonb_typeof(p.place -> 0) is distinct from 'number' or jsonb_typeof(p.place -> 1) is distinct from 'number'
            then 'is no pair of numbers'
          when not (p.place ->> 1)::numeric between -90 and 90
            then format('has latitude %s: the longitude comes first', left(p.place ->> 1, 20))
          when not (p.place ->> 0)::numeric between -180 and 180 then format('has longitude %s', left(p.place ->> 0, 20))
        end as fault
      into bad
      from jsonb_array_elements(ring.value) with ordinality p (place, number)
      where case
        when jsonb_typeof(p.place) <> 'array' then true
        when jsonb_typeof(p.place -> 0) is distinct from 'number' or jsonb_typeof(p.place -> 1) is distinct from 'number' then true
        else not ((p.place ->> 1)::numeric between -90 and 90 and (p.place ->> 0)::numeric between -180 and 180)
      end
      order by p.number limit 1;
      if found then
        return case when geometry ->> 'type' = 'Point' then 'its place ' || bad.fault
          else format('position %s of %s %s', bad.number, said, bad.fault) end;
      end if;
      continue when geometry ->> 'type' = 'Point';

      if jsonb_array_length(ring.value) < 4 then
        return format('%s has %s positions: a closed ring has at least 4', said, jsonb_array_length(ring.value));
      end if;
      if (ring.value -> 0 -> 0, ring.value -> 0 -> 1) <> (ring.value -> -1 -> 0, ring.value -> -1 -> 1) then
        return said || ' is not closed: its last position is not its first';
      end if;
      select e.corner, case when abs(e.next_lng - e.lng) > 180 then 'crosses the antimeridian: cut it in two there' end as fault
      into bad
      from tracksolid.fn_geofence_edges(
        jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
      ) e
      where abs(e.next_lng - e.lng) > 180 limit 1;
      if found then
        return format('%s %s', said, bad.fault);
      end if;

      -- In cells, or every edge would be held against every other; in larger ones where edges are long.
      with edge as materialized (
        select e.*, least(e.lat, e.next_lat) as south, greatest(e.lat, e.next_lat) as north,
          least(e.lng, e.next_lng) as west, greatest(e.lng, e.next_lng) as east,
          nullif(sqrt((e.next_lat - e.lat) ^ 2 + (e.next_lng - e.lng) ^ 2), 0) as length
        from tracksolid.fn_geofence_edges(
          jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
        ) e
      ), grid as materialized (
        select min(south) as south, min(west) as west,
          nullif(greatest((max(north) - min(south)) / (1 + count(*) / 16), sum(north - south) / (2 * count(*))), 0) as height,
          nullif(greatest((max(east) - min(west)) / (1 + count(*) / 16), sum(east - west) / (2 * count(*))), 0) as width
        from edge
      ), celled as materialized (
        select e.*, r.cell_row, c.cell_column
        from edge e
        cross join grid g
        cross join lateral generate_series(
          floor((e.south - g.south) / g.height)::integer, floor((e.north - g.south) / g.height)::integer
        ) r (cell_row)
        cross join lateral generate_series(
          floor((e.west - g.west) / g.width)::integer, floor((e.east - g.west) / g.width)::integer
        ) c (cell_column)
      )
      select a.corner, b.corner as other into bad
      from celled a
      join celled b on a.cell_row = b.cell_row and a.cell_column = b.cell_column and a.corner < b.corner
        and a.south <= b.north and b.south <= a.north and a.west <= b.east and b.west <= a.east
      cross join lateral (
        select
          ((a.next_lng - a.lng) * (b.lat - a.lat) - (a.next_lat - a.lat) * (b.lng - a.lng)) / a.length as b_from,
          ((a.next_lng - a.lng) * (b.next_lat - a.lat) - (a.next_lat - a.lat) * (b.next_lng - a.lng)) / a.length as b_to,
          ((b.next_lng - b.lng) * (a.lat - b.lat) - (b.next_lat - b.lat) * (a.lng - b.lng)) / b.length as a_from,
          ((b.next_lng - b.lng) * (a.next_lat - b.lat) - (b.next_lat - b.lat) * (a.next_lng - b.lng)) / b.length as a_to
      ) off
      where least(abs(off.b_from), abs(off.b_to), abs(off.a_from), abs(off.a_to)) > touch_deg
        and off.b_from * off.b_to < 0 and off.a_from * off.a_to < 0
      order by 1, 2 limit 1;
      if found then
        return format('%s crosses itself: its edges %s and %s', said, bad.corner, bad.other);
      end if;

      if not (
        select abs(sum(
          (e.lng - (ring.value -> 0 ->> 0)::double precision) * (e.next_lat - (ring.value -> 0 ->> 1)::double precision)
          - (e.next_lng - (ring.value -> 0 ->> 0)::double precision) * (e.lat - (ring.value -> 0 ->> 1)::double precision)
        )) > 1e-11
        from tracksolid.fn_geofence_edges(
          jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(ring.value))
        ) e
      ) then
        return said || ' encloses nothing';
      end if;
    end loop;
  end loop;

  if geometry ->> 'type' = 'Point' then
    reach_lat := abs((geometry -> 'coordinates' ->> 1)::double precision) + radius_m / 111320;
    if reach_lat > 89 then
      return 'it reaches to a pole';
    end if;
    reach_lng := abs((geometry -> 'coordinates' ->> 0)::double precision) + radius_m / 111320 / cos(radians(reach_lat));
    if reach_lng > 180 then
      return 'it crosses the antimeridian: give a MultiPolygon that is cut in two there';
    end if;
  end if;
  return null;
end $function$

-- Takes the address from an end of a trip that is found to be in another cell.
CREATE OR REPLACE FUNCTION tracksolid.forget_addresses()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tracksolid.cell_of(new.start_lat, new.start_lng) is distinct from old.start_cell then
    new.start_address := null;
  end if;
  if tracksolid.cell_of(new.end_lat, new.end_lng) is distinct from old.end_cell then
    new.end_address := null;
  end if;
  return new;
end $function$

-- Has what the company says of a vehicle stand over what the vendor says.
CREATE OR REPLACE FUNCTION tracksolid.keep_own_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.own_plate is not null then
    new.plate := new.own_plate;
  elsif tg_op = 'UPDATE' and new.plate is not distinct from old.own_plate then
    -- Given back: it is nobody's until the vendor tells it.
    new.plate := null;
  end if;
  -- A driver who is given back drives until the vendor names another.
  if new.own_driver_name is not null then
    new.driver_name := new.own_driver_name;
    new.driver_phone := new.own_driver_phone;
  end if;
  return new;
end $function$

-- Keeps the owner that a device had before.
CREATE OR REPLACE FUNCTION tracksolid.note_account_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into tracksolid.account_changes (imei, changed_at, from_account, to_account)
  values (new.imei, coalesce(new.account_at, new.changed_at), old.account, new.account)
  on conflict do nothing;
  return null;
end $function$

-- A live position as the live map knows it. Times UTC, speed km/h, odometer km.
CREATE OR REPLACE FUNCTION tracksolid.position_facts(l tracksolid.live_positions)
 RETURNS json
 LANGUAGE sql
 STABLE
RETURN json_build_object('imei', (l).imei, 'changedAt', to_char(((l).changed_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'fixAt', to_char(((l).fix_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'lat', (l).lat, 'lng', (l).lng, 'speedKmh', (l).speed_kmh, 'headingDeg', (l).heading_deg, 'satellites', (l).satellites, 'odometerKm', (l).odometer_km, 'contactAt', to_char(((l).contact_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text), 'online', (l).online, 'ignition', (l).ignition, 'batteryPercent', (l).battery_percent, 'externalVoltageV', (l).external_voltage_v)

-- A device as the live map knows it: identity, what the map shows of the registry, whether it is shown at all.
CREATE OR REPLACE FUNCTION tracksolid.registry_facts(d tracksolid.devices)
 RETURNS json
 LANGUAGE sql
 STABLE
RETURN json_build_object('imei', (d).imei, 'changedAt', to_char(((d).changed_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text), 'shown', ((d).enabled AND (NOT (d).hidden_on_map) AND ((d).kind = 'vehicle'::text)), 'name', (d).device_name, 'plate', (d).plate, 'driver', (d).driver_name, 'account', (d).account, 'city', (d).city, 'segment', (d).segment, 'vehicleType', (d).vehicle_type, 'model', (d).model)

-- Keeps changed_at and drops updates that change nothing.
CREATE OR REPLACE FUNCTION tracksolid.touch_changed_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' then
    new.changed_at := old.changed_at;
    if new is not distinct from old then
      return null;
    end if;
  end if;
  new.changed_at := clock_timestamp();
  return new;
end $function$

-- Open tickets with their vehicles as they are now. Grain: ticket. reporting.fn_active_dispatch_map by an old name; reads the clock. The dispatch table it once read is gone: it is defined anew, and so are its columns.
view tracksolid.v_active_dispatch_map as
 SELECT kind,
    number,
    state,
    priority,
    area,
    lat,
    lng,
    opened_at,
    age_s,
    due_at,
    overdue,
    driver_name,
    imei,
    assigned_by,
    name,
    plate,
    status,
    vehicle_lat,
    vehicle_lng,
    fix_at,
    distance_km
   FROM reporting.fn_active_dispatch_map(now()) fn_active_dispatch_map(kind, number, state, priority, area, lat, lng, opened_at, age_s, due_at, overdue, driver_name, imei, assigned_by, name, plate, status, vehicle_lat, vehicle_lng, fix_at, distance_km);

-- What vehicles warned of. Grain: day, kind of alarm, account, city and segment. reporting.v_alarms_daily by its old name; its columns of then are not known: these are ours.
view tracksolid.v_alarms_daily as
 SELECT day,
    canonical_code,
    alarm,
    class,
    account,
    city,
    segment,
    alarms,
    vehicles
   FROM reporting.v_alarms_daily;

-- Vehicles that stand with the ignition on now. Grain: vehicle. reporting.fn_currently_idle by its old name; reads the clock. Its columns of then are not known: these are ours.
view tracksolid.v_currently_idle as
 SELECT imei,
    name,
    plate,
    driver,
    account,
    city,
    segment,
    vehicle_type,
    lat,
    lng,
    idle_since,
    idle_s
   FROM reporting.fn_currently_idle(now()) fn_currently_idle(imei, name, plate, driver, account, city, segment, vehicle_type, lat, lng, idle_since, idle_s);

-- How a driver drove on a day, over all vehicles they had. Grain: day and driver. reporting.v_driver_aggregates_daily by its old name; its columns of then are not known: these are ours.
view tracksolid.v_driver_aggregates_daily as
 SELECT day,
    driver_name,
    vehicles,
    moving_s,
    idling_s,
    distance_km,
    trips,
    max_speed_kmh,
    speeding_events,
    harsh_events,
    alarms,
    events_per_100_km
   FROM reporting.v_driver_aggregates_daily;

-- When a driver's day with a vehicle began and ended, and whether that was late for the vehicle's shift. Grain: day, driver and vehicle. reporting.v_driver_clock_daily by its old name; its columns of then are not known: these are ours.
view tracksolid.v_driver_clock_daily as
 SELECT day,
    driver_name,
    imei,
    name,
    plate,
    account,
    city,
    shift,
    shift_from,
    shift_to,
    first_ignition_at,
    first_moving_at,
    last_moving_at,
    last_ignition_at,
    began_at,
    late_s,
    is_late
   FROM reporting.v_driver_clock_daily;

-- Who has begun to drive today, and who should have. Grain: driver and vehicle. reporting.fn_driver_clock_today by its old name; reads the clock. Its columns of then are not known: these are ours.
view tracksolid.v_driver_clock_today as
 SELECT day,
    driver_name,
    imei,
    name,
    plate,
    account,
    city,
    shift,
    shift_from,
    shift_to,
    first_ignition_at,
    first_moving_at,
    last_moving_at,
    last_ignition_at,
    began_at,
    contact_at,
    status,
    late_s,
    is_late
   FROM reporting.fn_driver_clock_today(now()) fn_driver_clock_today(day, driver_name, imei, name, plate, account, city, shift, shift_from, shift_to, first_ignition_at, first_moving_at, last_moving_at, last_ignition_at, began_at, contact_at, status, late_s, is_late);

-- How far the fleet drove. Grain: day, account, city and segment. reporting.v_fleet_km_daily by its old name; its columns of then are not known: these are ours.
view tracksolid.v_fleet_km_daily as
 SELECT day,
    account,
    city,
    segment,
    vehicles,
    vehicles_moved,
    distance_km,
    odometer_km,
    vendor_km,
    gps_km,
    vehicles_unknown
   FROM reporting.v_fleet_km_daily;

-- Every vehicle of the map as it stands now, with its day so far. Grain: vehicle. reporting.fn_fleet_today by its old name; reads the clock. Its columns of then are not known: these are ours.
view tracksolid.v_fleet_today as
 SELECT imei,
    name,
    plate,
    driver,
    account,
    city,
    segment,
    vehicle_type,
    status,
    lat,
    lng,
    fix_at,
    contact_at,
    day,
    moving_s,
    idling_s,
    parked_s,
    unknown_s,
    distance_km,
    distance_source,
    trips,
    first_moving_at,
    last_moving_at,
    max_speed_kmh,
    speeding_events,
    harsh_events
   FROM reporting.fn_fleet_today(now()) fn_fleet_today(imei, name, plate, driver, account, city, segment, vehicle_type, status, lat, lng, fix_at, contact_at, day, moving_s, idling_s, parked_s, unknown_s, distance_km, distance_source, trips, first_moving_at, last_moving_at, max_speed_kmh, speeding_events, harsh_events);

-- How far a vehicle drove on a day. Grain: vehicle and day. reporting.vehicle_day by the name of an aggregate that summed other readings. Its columns of then are not known: these are ours.
view tracksolid.v_mileage_daily_cagg as
 SELECT v.day,
    v.imei,
    v.distance_km,
    v.distance_source,
    v.odometer_km,
    v.vendor_km,
    v.gps_km,
    v.fixes
   FROM reporting.vehicle_day v
     JOIN reporting.v_vehicles d ON d.imei = v.imei;

-- How much a vehicle was used on a day. Grain: vehicle and day. A day of which nothing is known has no row. reporting.v_utilisation_daily by its old name; its columns of then are not known: these are ours.
view tracksolid.v_utilisation_daily as
 SELECT day,
    imei,
    name,
    plate,
    account,
    city,
    segment,
    vehicle_type,
    moving_s,
    idling_s,
    parked_s,
    unknown_s,
    moving_share,
    distance_km,
    distance_source,
    trips,
    first_moving_at,
    last_moving_at,
    max_speed_kmh
   FROM reporting.v_utilisation_daily;

-- Vehicles that have not moved today, longest first. Grain: vehicle. reporting.fn_vehicles_not_moved by its old name; reads the clock. Its columns of then are not known: these are ours.
view tracksolid.v_vehicles_not_moved_today as
 SELECT n.imei,
    n.name,
    n.plate,
    n.driver,
    n.account,
    n.city,
    n.segment,
    n.vehicle_type,
    n.last_moved_day,
    n.days_since,
    n.contact_at,
    n.known
   FROM tracksolid.fleet f
     CROSS JOIN LATERAL reporting.fn_vehicles_not_moved((now() AT TIME ZONE f.zone)::date) n(imei, name, plate, driver, account, city, segment, vehicle_type, last_moved_day, days_since, contact_at, known);

-- future tables
-- fuel analytics_ro: select
-- private backup_ro: select
-- private ingest_app: insert, select, update
-- reporting analytics_ro: select
-- reporting backup_ro: select
-- reporting dashboard_ro: select
-- reporting ingest_app: select
-- tickets analytics_ro: select
-- tracksolid analytics_ro: select
-- tracksolid backup_ro: select
-- tracksolid dashboard_ro: select
-- tracksolid ingest_app: insert, select, update
