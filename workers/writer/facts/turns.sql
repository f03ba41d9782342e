-- Takes the turn of the vehicles in the list `tracksolid.turns` until the transaction ends. What a batch writes of
-- their alarms, trips, OBD readings and drivers depends on what others wrote, who must have committed or wait. The update
-- never happens, but it locks.
insert into private.vehicle_turns (imei)
select imei from json_array_elements_text(current_setting('tracksolid.turns')::json) as turn (imei)
order by imei
on conflict (imei) do update set imei = excluded.imei where false
