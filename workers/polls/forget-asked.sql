-- The jobs of the JSON list $1 have asked for nothing yet.
update tracksolid.poll_watermarks set covered_to = to_timestamp(0)
where job in (select json_array_elements_text($1::text::json))
