-- What of a day deserves somebody's attention, and what people said of it. The rules are in workers/insights/rules; the job that
-- keeps what was told and whoever asks at once run the same.

create table tracksolid.account_changes (
  imei         text not null,
  changed_at   timestamptz not null,
  from_account text not null,
  to_account   text not null,
  primary key (imei, changed_at)
);
create index account_changes_changed_at_idx on tracksolid.account_changes (changed_at);
comment on table tracksolid.account_changes is 'When the vendor named another owner of a device than before. Written by a trigger on devices; the registry keeps the newest owner alone.';
comment on column tracksolid.account_changes.imei is 'Device identity.';
comment on column tracksolid.account_changes.changed_at is 'When the vendor first named the new owner (UTC).';
comment on column tracksolid.account_changes.from_account is 'Owner before.';
comment on column tracksolid.account_changes.to_account is 'Owner since.';

create function tracksolid.note_account_change() returns trigger
language plpgsql as $$
begin
  insert into tracksolid.account_changes (imei, changed_at, from_account, to_account)
  values (new.imei, coalesce(new.account_at, new.changed_at), old.account, new.account)
  on conflict do nothing;
  return null;
end $$;
comment on function tracksolid.note_account_change() is 'Keeps the owner that a device had before.';
-- Until the vendor has named an owner, the account is that of whoever was asked.
create trigger note_account_change after update of account on tracksolid.devices
  for each row when (old.account_at is not null and old.account <> new.account)
  execute function tracksolid.note_account_change();

create table reporting.insight_kinds (
  kind         text primary key,
  subject_type text not null check (subject_type in ('vehicle', 'driver', 'ticket')),
  is_of_now    boolean not null,
  meaning      text not null
);
comment on table reporting.insight_kinds is 'The kinds of insights. docs/insights.md has their rules.';
comment on column reporting.insight_kinds.kind is 'As in insights.kind.';
comment on column reporting.insight_kinds.subject_type is 'What one is about: vehicle, driver or ticket.';
comment on column reporting.insight_kinds.is_of_now is 'It rests on what only the newest is kept of (contacts, positions, odometers): judged for today and yesterday alone, and once told it stays.';
comment on column reporting.insight_kinds.meaning is 'What it says.';
insert into reporting.insight_kinds (kind, subject_type, is_of_now, meaning) values
  ('silent', 'vehicle', true, 'A device that nothing is heard of, or that has no position, by cause'),
  ('outside_city', 'vehicle', true, 'A vehicle far from where those of its city are'),
  ('account_changed', 'vehicle', false, 'A device that came to another account'),
  ('idling', 'vehicle', false, 'More idling than this vehicle is used to'),
  ('after_hours', 'vehicle', false, 'A vehicle that moved outside its shift, or at night'),
  ('late_start', 'driver', false, 'A driver who began late for the shift'),
  ('fuel_drain', 'vehicle', false, 'A fuel level that fell without use'),
  ('service_due', 'vehicle', true, 'A vehicle that has driven its service interval'),
  ('ticket_unvisited', 'ticket', false, 'A ticket that was resolved without a visit');

create table reporting.insights (
  id           text primary key,
  day          date not null,
  kind         text not null,
  subject_type text not null,
  subject      text not null,
  subject_name text not null,
  imei         text,
  driver       text,
  severity     text not null check (severity in ('low', 'medium', 'high')),
  title        text not null,
  why          text not null,
  evidence     jsonb not null,
  links        jsonb not null,
  told_at      timestamptz not null,
  changed_at   timestamptz not null,
  withdrawn_at timestamptz
);
create index insights_day_idx on reporting.insights (day);
grant insert, update on reporting.insights to ingest_app;
comment on table reporting.insights is 'What was told of days. Grain: kind, subject and day. One that holds no longer, as facts came late, is withdrawn and stays.';
comment on column reporting.insights.id is 'Day, kind and MD5 of the subject: the same fact has the same id.';
comment on column reporting.insights.day is 'Day in the fleet''s zone.';
comment on column reporting.insights.kind is 'As in insight_kinds.';
comment on column reporting.insights.subject_type is 'vehicle, driver or ticket.';
comment on column reporting.insights.subject is 'IMEI, name of the driver, or kind and number of the ticket.';
comment on column reporting.insights.subject_name is 'What people call it.';
comment on column reporting.insights.imei is 'The vehicle concerned; null where none is known.';
comment on column reporting.insights.driver is 'Who drove at the time; null where none is known.';
comment on column reporting.insights.severity is 'low, medium or high.';
comment on column reporting.insights.title is 'It in one sentence.';
comment on column reporting.insights.why is 'Figures, and the threshold with where it comes from.';
comment on column reporting.insights.evidence is 'The figures; units are at the end of their names.';
comment on column reporting.insights.links is 'Paths of the API that show them.';
comment on column reporting.insights.told_at is 'When it was first told (UTC).';
comment on column reporting.insights.changed_at is 'When anything of it last changed (UTC).';
comment on column reporting.insights.withdrawn_at is 'Since when it holds no longer (UTC).';

create table reporting.insight_days (
  day     date primary key,
  version bigint not null,
  told_at timestamptz not null
);
grant insert, update on reporting.insight_days to ingest_app;
comment on table reporting.insight_days is 'Days whose insights are kept; of any other they are made when somebody asks.';
comment on column reporting.insight_days.day is 'Day in the fleet''s zone.';
comment on column reporting.insight_days.version is 'Days of vehicles with a version (day_versions) up to this were all seen.';
comment on column reporting.insight_days.told_at is 'When they were last made (UTC).';

create table reporting.insight_remarks (
  remark_id   text primary key,
  insight_id  text not null,
  verdict     text not null check (verdict in ('confirmed', 'explained', 'wrong')),
  note        text not null,
  until_day   date,
  applies_to  text not null check (applies_to in ('this', 'subject-and-kind')),
  key_id      text not null,
  remarked_at timestamptz not null
);
create index insight_remarks_insight_idx on reporting.insight_remarks (insight_id, remark_id);
create index insight_remarks_until_day_idx on reporting.insight_remarks (until_day);
grant insert on reporting.insight_remarks to ingest_app;
comment on table reporting.insight_remarks is 'What people said of insights. Of an insight the newest counts; all are kept, none is changed.';
comment on column reporting.insight_remarks.remark_id is 'UUIDv7: sorts by time.';
comment on column reporting.insight_remarks.insight_id is 'Insight.';
comment on column reporting.insight_remarks.verdict is 'confirmed, explained or wrong.';
comment on column reporting.insight_remarks.note is 'In words.';
comment on column reporting.insight_remarks.until_day is 'Of an explanation of more than this insight: its last day.';
comment on column reporting.insight_remarks.applies_to is 'this insight alone, or others of its subject and kind, too.';
comment on column reporting.insight_remarks.key_id is 'Id of the API key that wrote it.';
comment on column reporting.insight_remarks.remarked_at is 'When (UTC).';

create view reporting.v_insight_verdicts as
  select r.insight_id, i.day, i.kind, i.subject_type, i.subject, r.remark_id, r.verdict, r.note, r.until_day, r.applies_to,
    r.key_id, r.remarked_at
  from reporting.insight_remarks r
  join reporting.insights i on i.id = r.insight_id
  where not exists (
    select from reporting.insight_remarks n where n.insight_id = r.insight_id and n.remark_id > r.remark_id
  );
comment on view reporting.v_insight_verdicts is 'The remark that counts of each insight that has one: the newest. Grain: insight.';
comment on column reporting.v_insight_verdicts.insight_id is 'Insight.';
comment on column reporting.v_insight_verdicts.day is 'Its day.';
comment on column reporting.v_insight_verdicts.kind is 'Its kind.';
comment on column reporting.v_insight_verdicts.subject_type is 'vehicle, driver or ticket.';
comment on column reporting.v_insight_verdicts.subject is 'What it is about.';
comment on column reporting.v_insight_verdicts.remark_id is 'Remark.';
comment on column reporting.v_insight_verdicts.verdict is 'confirmed, explained or wrong.';
comment on column reporting.v_insight_verdicts.note is 'In words.';
comment on column reporting.v_insight_verdicts.until_day is 'Last day of an explanation.';
comment on column reporting.v_insight_verdicts.applies_to is 'this or subject-and-kind.';
comment on column reporting.v_insight_verdicts.key_id is 'API key that wrote it.';
comment on column reporting.v_insight_verdicts.remarked_at is 'When (UTC).';

-- What the rules write with.
create function reporting.fn_duration_words(seconds double precision) returns text
language sql immutable
return case
  when seconds < 3600 then round(seconds / 60) || ' min'
  when seconds < 172800 then floor(round(seconds / 60) / 60) || ' h ' || lpad((round(seconds / 60)::bigint % 60)::text, 2, '0') || ' min'
  else round(seconds / 86400) || ' days'
end;
comment on function reporting.fn_duration_words(double precision) is 'So many seconds for people: minutes, from an hour on hours and minutes, from two days on days.';

create function reporting.fn_url_word(word text) returns text
language sql immutable
return (
  select coalesce(string_agg(
    case when chr(b.code) ~ '[A-Za-z0-9._~-]' and b.code < 128 then chr(b.code)
      else '%' || upper(lpad(to_hex(b.code), 2, '0')) end,
    '' order by b.place
  ), '')
  from (
    select i.place, get_byte(convert_to(fn_url_word.word, 'UTF8'), i.place) as code
    from generate_series(0, length(convert_to(fn_url_word.word, 'UTF8')) - 1) i (place)
  ) b
);
comment on function reporting.fn_url_word(text) is 'A text as a part of a path or a query string, percent-encoded.';

insert into tracksolid.pipeline_jobs (job, every_s) values ('insights', 3600);
