-- Types of the columns of a result, from the list $1, in its order; and the name and comment of the column of a table or view that
-- each is, where it is one as it stands. Looked up one by one: joined, all columns of the database would be read for some.
select coalesce(json_agg(json_build_object(
  'type', format_type(told.type, null),
  'name', (
    select a.attname from pg_catalog.pg_attribute a where a.attrelid = told.relation and a.attnum = told."column"
  ),
  'comment', (
    select d.description from pg_catalog.pg_description d
    where d.objoid = told.relation and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = told."column"
  )
) order by told.n), '[]')::text as facts
from rows from (json_to_recordset($1::text::json) as (type oid, relation oid, "column" smallint)) with ordinality
  as told (type, relation, "column", n)
