-- Loses private.audit, what analysts asked: dump it before (pg_dump --data-only --table=private.audit), and close the door (MCP_HOSTS = "").

drop view reporting.v_fleet;
drop function reporting.fn_read_cursor;
drop table private.audit;
