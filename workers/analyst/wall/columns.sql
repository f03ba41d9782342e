-- Types of the columns of a result, from the list $1, in its order; and the name and comment of the column of a table or view that
-- each is, where it is one as it stands.
select coalesce(json_agg(json_build_object(
  'type', format_type(told.type, null), 'name', a.attname, 'comment', col_description(told.relation, told."column")
) order by told.n), '[]')::text as facts
from rows from (json_to_recordset($1::text::json) as (type oid, relation oid, "column" smallint)) with ordinality
  as told (type, relation, "column", n)
left join pg_catalog.pg_attribute a on a.attrelid = told.relation and a.attnum = told."column"
