-- Loses insights, what people said of them, and which owners devices had: dump it before (pg_dump --data-only --table='reporting.insight*' --table=tracksolid.account_changes). Insights are told anew after the next way forward, remarks and former owners are not.

delete from tracksolid.pipeline_jobs where job = 'insights';
drop function reporting.fn_url_word(text);
drop function reporting.fn_duration_words(double precision);
drop view reporting.v_insight_verdicts;
drop table reporting.insight_remarks, reporting.insight_days, reporting.insights, reporting.insight_kinds;
drop trigger note_account_change on tracksolid.devices;
drop function tracksolid.note_account_change();
drop table tracksolid.account_changes;
