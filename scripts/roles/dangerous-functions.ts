/** Functions and procedures that PUBLIC may call on a fresh server, or after a careless grant, and a reader has no use for. */
interface Dangerous {
  family: string;
  /** What the names match, as Postgres reads regular expressions; overloads differ between versions of the server. */
  names: string;
  why: string;
  /** Only what belongs to this extension; without it, to any or to the server. */
  extension?: string;
}

/**
 * Looked for in pg_catalog and in extensions. Not among them: `pg_advisory_unlock…`, which connection pools call to clean up; what
 * reads large objects, as a dump does; and what docs/roles.md says of those that stay.
 */
export const dangerousFunctions = [
  {
    family: "settings",
    names: "^set_config$",
    why: "lets a mere select take all memory, lift its time-out, or be another role of its session",
  },
  {
    family: "queries in a text",
    names: "^((query|cursor|table|schema|database)_to_xml(schema|_and_xmlschema)?|ts_stat|ts_rewrite)$",
    why: "runs a query that is in no plan of the statement",
  },
  {
    family: "snapshots",
    names: "^pg_export_snapshot$",
    why: "leaves a file for each call until the transaction ends",
  },
  { family: "cache", names: "^(pg_prewarm|autoprewarm_.*)$", why: "drives out of memory what others read" },
  { family: "sleep", names: "^pg_sleep", why: "holds a connection and its snapshot" },
  {
    family: "large objects",
    names: "^(lo_(creat|create|from_bytea|put|import|export|unlink|truncate|truncate64)|lowrite)$",
    why: "writes to the database, or to files, without a right to any table",
  },
  {
    family: "other sessions",
    names: "^pg_(terminate|cancel)_backend$",
    why: "ends what others of the same role do",
  },
  {
    family: "advisory locks",
    names: "^pg_(try_)?advisory_(xact_)?lock",
    why: "could hold the lock of the migrations",
  },
  { family: "notify", names: "^pg_notify$", why: "fills the queue that all sessions share" },
  { family: "collations", names: "^pg_import_system_collations$", why: "writes to the catalog" },
  { family: "messages in the log of changes", names: "^pg_logical_emit_message$", why: "fills the disk" },
  {
    family: "files",
    names: "^(pg_read_(binary_)?file(_old)?|pg_stat_file|pg_file_.*)$",
    why: "reads or writes files of the server",
  },
  { family: "folders", names: "^pg_ls_.*dir$", why: "lists files of the server" },
  {
    family: "statistics",
    names: "^pg_stat_(statements_)?reset",
    why: "blinds whoever looks for slow statements, and autovacuum",
  },
  { family: "dblink", names: "^dblink", why: "opens connections from inside the server" },
  {
    // Most of its functions ask whose the table is. These do not, or let anybody make jobs that run for good.
    family: "TimescaleDB",
    names:
      "^(drop_chunks?|freeze_chunk|unfreeze_chunk|create_chunk|create_chunk_table|create_compressed_chunk|attach_osm_table_chunk|hypertable_osm_range_update|chunk_(index_(clone|replace)|constraint_add_table_constraint)|remove_dropped_chunk_metadata|constraint_clone|add_job|alter_job(_set_hypertable_id)?|delete_job|run_job|add_.*_policy)$",
    why: "drops what any hypertable holds, even where a transaction is read only, and adds jobs",
    extension: "timescaledb",
  },
] as const satisfies Dangerous[];

export type FunctionFamily = (typeof dangerousFunctions)[number]["family"];
