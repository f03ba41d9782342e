-- Enabled vehicles, or those of the JSON list $1 whatever they are.
select imei, account from tracksolid.devices
where case when $1::text is null then enabled else imei in (select json_array_elements_text($1::text::json)) end
order by imei
