-- The analysts' door: what was asked, and the function through which rows leave the database.

create table private.audit (
  id           uuid primary key,
  asked_at     timestamptz not null,
  analyst_id   text not null,
  analyst      text not null,
  tool         text not null,
  statement    text,
  arguments    text not null,
  outcome      text not null check (outcome in ('answered', 'refused', 'failed')),
  reason       text,
  row_count    integer,
  bytes        bigint,
  duration_ms  integer not null,
  request_id   text not null
);
-- A list of calls is found in these alone, whatever it is filtered by: rows have whole statements in them.
create index audit_asked_at on private.audit (asked_at, id) include (tool, outcome);
create index audit_analyst_id on private.audit (analyst_id, asked_at, id) include (tool, outcome);
create index audit_analyst on private.audit (analyst, asked_at, id) include (analyst_id, tool, outcome);

comment on table private.audit is 'Calls of analysts, a row each, whatever became of them. Nothing else keeps what they asked.';
comment on column private.audit.id          is 'Of the call.';
comment on column private.audit.asked_at    is 'When it came (UTC).';
comment on column private.audit.analyst_id  is 'Whose token it came with.';
comment on column private.audit.analyst     is 'What the analyst was called then.';
comment on column private.audit.tool        is 'The tool that was called.';
comment on column private.audit.statement   is 'SQL that the analyst wrote; null for tools that write their own.';
comment on column private.audit.arguments   is 'Whatever else the tool was called with, JSON.';
comment on column private.audit.outcome     is 'answered; refused: nothing ran; failed: the database ended it.';
comment on column private.audit.reason      is 'Why it was refused or failed: a word of the door, or the SQLSTATE.';
comment on column private.audit.row_count   is 'Rows of the answer.';
comment on column private.audit.bytes       is 'Of these rows as JSON.';
comment on column private.audit.duration_ms is 'From the call to the answer, with the wait for a turn, ms.';
comment on column private.audit.request_id  is 'As the log has it.';

-- The writer adds rows, the housekeeping takes old ones. What was asked stays as it was asked.
revoke update on private.audit from ingest_app;
grant delete on private.audit to ingest_app;

-- Whatever a statement makes, no more than this leaves the database: a row of a gigabyte is never sent, and who reads
-- cannot talk it out of that, since it works on a cursor and not on the text of the statement.
create function reporting.fn_read_cursor(
  cursor_name text, most_rows integer, most_bytes integer,
  out rows text, out row_count integer, out bytes integer, out stopped_by text
)
language plpgsql volatile
as $$
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
$$;
revoke execute on function reporting.fn_read_cursor from public;
grant execute on function reporting.fn_read_cursor to analytics_ro;
comment on function reporting.fn_read_cursor is
  'What is left of an open cursor as a JSON list, up to so many rows and bytes. stopped_by: rows or bytes, whichever there were more of; null where that was all.';

-- The zone of the fleet's days, for whoever may read reporting alone: nearly every question has a day in it.
create view reporting.v_fleet as select zone from tracksolid.fleet;
comment on view reporting.v_fleet is 'What holds for the whole fleet. Grain: one row.';
comment on column reporting.v_fleet.zone is 'Time zone of its days, as IANA names it.';
