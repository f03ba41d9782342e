-- Loses nothing.

drop function reporting.fn_place_word(text[]);
drop function reporting.fn_json_word(text);
drop function reporting.fn_chosen_vehicles(json, json, boolean);
drop index tracksolid.alarms_imei_alarm_time_idx;
drop index tracksolid.fault_codes_fault_time_idx;
