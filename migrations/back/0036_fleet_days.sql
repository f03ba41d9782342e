-- Loses nothing.

drop function reporting.fn_fleet_days(date, date, json, json);
