-- Loses the versions of days: whoever keeps a copy of days by their versions (GET /v1/changes) has to take all of it again; tell them before.

drop function reporting.fn_iso(timestamptz);
drop function reporting.fn_matching_vehicles(json);
drop function reporting.fn_revision(date, date, text[]);
drop table reporting.day_versions;
drop table reporting.newest_version;
