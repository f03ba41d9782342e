/** Something that an analyst's statement tries. */
export interface Attack {
  what: string;
  sql: string;
  params?: (string | number | boolean | null)[];
  maxRows?: number;
  /** What the refusal says. */
  refused?: RegExp;
  /** What comes of it instead, where it harms nobody. */
  answered?: { rowCount: number; truncatedBy?: "rows" | "bytes" };
}

const ONE_THAT_READS = /One statement that reads is taken/;
const NOT_ALLOWED = /permission denied/;

/** What may not be done, and what becomes of whoever tries. */
export const ATTACKS: Attack[] = [
  // More than one statement, or one that does not read.
  { what: "two statements", sql: "select 1; drop table tracksolid.devices", refused: ONE_THAT_READS },
  { what: "the end of the transaction", sql: "commit", refused: ONE_THAT_READS },
  {
    what: "the end of the transaction, and on",
    sql: "commit; drop table tracksolid.devices",
    refused: ONE_THAT_READS,
  },
  {
    what: "a statement behind a comment",
    sql: "select 1 -- \n; delete from tracksolid.devices",
    refused: ONE_THAT_READS,
  },
  {
    what: "a statement behind a block comment",
    sql: "/* ; */ select 1; /* */ truncate tracksolid.devices",
    refused: ONE_THAT_READS,
  },
  {
    what: "a statement behind dollar quotes",
    sql: "select $a$;$a$; drop schema reporting cascade",
    refused: ONE_THAT_READS,
  },
  {
    what: "what looks like two statements and is a text",
    sql: "select '; drop table x' as a",
    answered: { rowCount: 1 },
  },
  { what: "a comment at the end", sql: "select 1 as a -- that is all", answered: { rowCount: 1 } },
  { what: "a semicolon at the end", sql: "select 1 as a;", answered: { rowCount: 1 } },
  { what: "nothing but a comment", sql: "-- nothing", refused: /syntax error/ },
  { what: "another cursor", sql: "select 1; fetch all from analyst", refused: ONE_THAT_READS },
  {
    what: "the door's own cursor",
    sql: "select * from reporting.fn_read_cursor('analyst', 1, 1000)",
    refused: /cannot be run|already in use/,
  },
  { what: "delete", sql: "delete from tracksolid.devices", refused: NOT_ALLOWED },
  { what: "insert", sql: "insert into tracksolid.devices (imei) values ('1')", refused: NOT_ALLOWED },
  {
    what: "a with that deletes",
    sql: "with gone as (delete from tracksolid.devices returning 1) select * from gone",
    refused: NOT_ALLOWED,
  },
  { what: "select into", sql: "select * into tracksolid.copy from tracksolid.devices", refused: /INTO/ },
  { what: "create table as", sql: "create table tracksolid.copy as select 1", refused: ONE_THAT_READS },
  { what: "a lock on rows", sql: "select * from tracksolid.devices for update", refused: NOT_ALLOWED },
  { what: "a lock on a table", sql: "lock table tracksolid.devices", refused: ONE_THAT_READS },
  { what: "an anonymous block", sql: "do $$ begin perform 1; end $$", refused: ONE_THAT_READS },
  { what: "a prepared statement", sql: "prepare x as select 1", refused: ONE_THAT_READS },
  { what: "execute", sql: "execute x", refused: /prepared statement "x" does not exist/ },
  { what: "listen", sql: "listen x", refused: ONE_THAT_READS },
  { what: "discard", sql: "discard all", refused: ONE_THAT_READS },
  { what: "copy to a program", sql: "copy tracksolid.devices to program 'true'", refused: ONE_THAT_READS },
  { what: "copy to the client", sql: "copy tracksolid.devices to stdout", refused: ONE_THAT_READS },
  {
    what: "SQL in a text that runs SQL",
    sql: "select query_to_xml('delete from tracksolid.devices', true, true, '')",
    refused: /not allowed|permission denied|read-only/,
  },
  {
    what: "a commit in a text that runs SQL",
    sql: "select query_to_xml('commit', true, true, '')",
    refused: /./,
  },
  {
    what: "SQL in a parameter",
    sql: "select $1::text as a",
    params: ["'; drop table tracksolid.devices; --"],
    answered: { rowCount: 1 },
  },
  // Other roles and settings.
  { what: "another role", sql: "set role postgres", refused: ONE_THAT_READS },
  {
    what: "another role by a function",
    sql: "select set_config('role', 'postgres', false)",
    refused: NOT_ALLOWED,
  },
  {
    what: "a transaction that writes",
    sql: "select set_config('transaction_read_only', 'off', false)",
    refused: NOT_ALLOWED,
  },
  { what: "no time-out", sql: "select set_config('statement_timeout', '0', false)", refused: NOT_ALLOWED },
  {
    what: "all memory for a sort",
    sql: "select set_config('work_mem', '64GB', false)",
    refused: NOT_ALLOWED,
  },
  {
    what: "a setting by its view",
    sql: "update pg_settings set setting = '64GB' where name = 'work_mem'",
    refused: /./,
  },
  // Other sessions, files, networks.
  {
    what: "the end of other sessions",
    sql: "select pg_terminate_backend(pid) from pg_stat_activity",
    refused: NOT_ALLOWED,
  },
  {
    what: "the end of others' statements",
    sql: "select pg_cancel_backend(pid) from pg_stat_activity",
    refused: NOT_ALLOWED,
  },
  { what: "sleep", sql: "select pg_sleep(600)", refused: NOT_ALLOWED },
  { what: "sleep by another name", sql: "select pg_sleep_for('10 minutes')", refused: NOT_ALLOWED },
  { what: "the lock of migrations", sql: "select pg_advisory_lock(1)", refused: NOT_ALLOWED },
  { what: "a message to others", sql: "select pg_notify('x', 'y')", refused: NOT_ALLOWED },
  { what: "a file", sql: "select pg_read_file('/etc/passwd')", refused: NOT_ALLOWED },
  { what: "a binary file", sql: "select pg_read_binary_file('/etc/passwd')", refused: NOT_ALLOWED },
  { what: "a folder", sql: "select pg_ls_dir('/')", refused: NOT_ALLOWED },
  { what: "the log", sql: "select * from pg_ls_logdir()", refused: NOT_ALLOWED },
  { what: "a large object from a file", sql: "select lo_import('/etc/passwd')", refused: NOT_ALLOWED },
  { what: "a large object", sql: "select lo_create(0)", refused: NOT_ALLOWED },
  {
    what: "another server",
    sql: "select * from dblink('host=localhost', 'select 1') as t (x int)",
    refused: /does not exist|permission denied/,
  },
  {
    what: "collations",
    sql: "select pg_import_system_collations('pg_catalog')",
    refused: /permission denied|superuser/,
  },
  { what: "other statistics", sql: "select pg_stat_reset()", refused: NOT_ALLOWED },
  { what: "a new log of changes", sql: "select pg_switch_wal()", refused: NOT_ALLOWED },
  {
    what: "the next number of a sequence",
    sql: "select nextval('tracksolid.position_history_seq')",
    refused: /does not exist|permission denied/,
  },
  // What is not theirs to see.
  { what: "passwords", sql: "select rolpassword from pg_authid", refused: NOT_ALLOWED },
  { what: "passwords by another name", sql: "select passwd from pg_shadow", refused: NOT_ALLOWED },
  {
    what: "what is private",
    sql: "select * from private.shared_token",
    refused: /permission denied for schema private[\s\S]*You may read the schemas/,
  },
  { what: "their own audit", sql: "select * from private.audit", refused: NOT_ALLOWED },
  {
    what: "what is private, by a function",
    sql: "select table_to_xml('private.receipts', true, true, '')",
    refused: NOT_ALLOWED,
  },
  // What never ends, or never fits.
  {
    what: "a million million rows",
    sql: "select count(*) from generate_series(1, 1e12::bigint)",
    refused: /planner expects a cost/,
  },
  {
    what: "history with itself",
    sql: "select count(*) from tracksolid.position_history a, tracksolid.position_history b",
    refused: /planner expects a cost/,
  },
  {
    what: "recursion without an end, aggregated",
    sql: "with recursive t as (select 1 n union all select n + 1 from t) select count(*) from t",
    refused: /took longer than \d+ s|more memory, disk/,
  },
  {
    what: "recursion without an end",
    sql: "with recursive t as (select 1 n union all select n + 1 from t) select * from t",
    answered: { rowCount: 1_000, truncatedBy: "rows" },
  },
  {
    what: "a cell of 100 MB",
    sql: "select repeat('x', 100 * 1000 * 1000) as big",
    refused: /first row alone is larger/,
  },
  {
    what: "a cell that becomes too large as text",
    sql: "select array_agg(repeat('\"', 100)) as big from generate_series(1, 70000)",
    refused: /first row alone is larger/,
  },
  {
    what: "a cell over a gigabyte",
    sql: "select repeat(repeat('x', 1000000), 2000) as big",
    refused: /too large|out of memory|more memory/,
  },
  {
    what: "a million rows",
    sql: "select n, n * 2 as twice from generate_series(1, 1000000) n",
    answered: { rowCount: 1_000, truncatedBy: "rows" },
  },
  {
    what: "a million rows, all asked for",
    sql: "select n from generate_series(1, 1000000) n",
    maxRows: 10_000,
    answered: { rowCount: 10_000, truncatedBy: "rows" },
  },
  {
    what: "more rows than there may be",
    sql: "select 1",
    maxRows: 10_001,
    refused: /max_rows is at most 10000/,
  },
  {
    what: "more bytes than fit",
    sql: "select repeat('x', 10000) as a from generate_series(1, 5000)",
    maxRows: 5_000,
    answered: { rowCount: 799, truncatedBy: "bytes" },
  },
  {
    what: "a regular expression that takes for ever",
    sql: "select repeat('a', 60) ~ '^(a+)+(b+)+((a|aa)+)+$' as matches",
    answered: { rowCount: 1 },
  },
  // What is odd, and good.
  { what: "names in any script", sql: 'select 1 as "größe 😀", null as "имя"', answered: { rowCount: 1 } },
  {
    what: "values that are none",
    sql: "select null as a, 'NaN'::float8 as b, 'infinity'::timestamptz as c, '-infinity'::date as d",
    answered: { rowCount: 1 },
  },
  { what: "two columns of one name", sql: "select 1 as a, 2 as a", answered: { rowCount: 1 } },
  { what: "no columns", sql: "select from generate_series(1, 3)", answered: { rowCount: 3 } },
  {
    what: "please delete",
    sql: "select imei from tracksolid.devices where remark ilike '%please delete%'",
    answered: { rowCount: 0 },
  },
  {
    what: "window functions",
    sql: "select n, lag(n) over (order by n) as before from generate_series(1, 3) n",
    answered: { rowCount: 3 },
  },
];
