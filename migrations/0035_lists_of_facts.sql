-- What lists of facts, newest first, are made of: indexes where they were missing, the vehicles they are about, names of their rows.

create index fault_codes_fault_time_idx on tracksolid.fault_codes (fault_time);
-- The key has the code before the time.
create index alarms_imei_alarm_time_idx on tracksolid.alarms (imei, alarm_time);

create function reporting.fn_chosen_vehicles(filter json, drivers json, for_map boolean)
returns setof reporting.v_vehicles
language sql stable
as $$
  select v.* from reporting.v_vehicles v
  where v.imei in (select reporting.fn_matching_vehicles(filter)) and not (for_map and v.hidden_on_map)
    and (drivers is null or exists (
      select from tracksolid.driver_assignments a
      where a.imei = v.imei and a.driver_name in (select json_array_elements_text(drivers))
    ))
$$;
comment on function reporting.fn_chosen_vehicles(json, json, boolean) is
  'Vehicles that match filter (as in fn_matching_vehicles), that any of these drivers (a list, null for any) has ever driven, and, for maps, that are not left out of them. Who drove at the time of a row is still to be compared.';

create function reporting.fn_json_word(place text)
returns text
language sql stable
-- base64 is broken into lines of 76 characters; base64url has no lines, no padding and other signs.
return translate(encode(convert_to(place, 'UTF8'), 'base64'), E'+/=\n', '-_');
comment on function reporting.fn_json_word(text) is 'JSON as one word that can stand in a URL: base64url. The read API reads it back.';

create function reporting.fn_place_word(variadic parts text[])
returns text
language sql stable
return reporting.fn_json_word(to_json(parts)::text);
comment on function reporting.fn_place_word(text[]) is 'The key of a row as one word that can stand in a URL.';
