-- What lists of facts, newest first, read along, and how a row of one is named.

create index fault_codes_fault_time_idx on tracksolid.fault_codes (fault_time);

create function reporting.fn_place_word(variadic parts text[])
returns text
language sql stable
-- base64 is broken into lines of 76 characters; base64url has no lines, no padding and other signs.
return translate(encode(convert_to(to_json(parts)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
comment on function reporting.fn_place_word(text[]) is
  'The key of a row as one word that can stand in a URL: base64url of the JSON of its parts. The read API reads it back.';
