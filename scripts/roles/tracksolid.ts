import { analystParts } from "./analysts.ts";
import type { DatabaseRoles } from "./definition.ts";

const READER = {
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "60s",
  idle_session_timeout: "5min",
  // A guard against accidents. What keeps a reader from writing is that nothing is granted to it.
  default_transaction_read_only: "on",
  jit: "off",
} as const;

/** Roles of this product's database. The first migration makes them too, with limits of its own; these are the ones that hold. */
export const tracksolid = {
  product: "tracksolid",
  schemas: ["tracksolid", "reporting", "private"],
  telling: ["tracksolid"],
  expected: true,
  roles: [
    {
      name: "tracksolid_owner",
      kind: "login",
      purpose: "Owns all objects and runs migrations; no service logs in as it.",
      connectionLimit: 8,
      settings: {
        // A migration may run long; only its waiting is bounded.
        statement_timeout: "0",
        lock_timeout: "10s",
        idle_in_transaction_session_timeout: "5min",
        idle_session_timeout: "10min",
      },
      memberOf: [],
    },
    {
      name: "ingest_app",
      kind: "login",
      purpose: "The writer, the jobs and the admin endpoints, through DB_INGEST: rows, no objects.",
      connectionLimit: 18,
      settings: {
        statement_timeout: "30s",
        lock_timeout: "5s",
        idle_in_transaction_session_timeout: "30s",
        idle_session_timeout: "10min",
        // Planned for more rows than it meets, a statement of milliseconds would be compiled for seconds.
        jit: "off",
      },
      // The first migration's, where TimescaleDB is.
      settingsLeft: ["timescaledb.max_tuples_decompressed_per_dml_transaction"],
      memberOf: [],
    },
    {
      name: "dashboard_ro",
      kind: "login",
      purpose: "The read API, through DB_READ.",
      connectionLimit: 12,
      settings: { statement_timeout: "30s", ...READER },
      memberOf: [],
    },
    ...analystParts,
    {
      name: "analytics_ro",
      kind: "login",
      purpose: "Analysts with SQL of their own, through DB_ANALYST.",
      connectionLimit: 10,
      settings: {
        statement_timeout: "30s",
        ...READER,
        // A query whose client went away ends, instead of running to its time-out for nobody.
        client_connection_check_interval: "2s",
        // Nobody looked at these queries before. Eight run at once, and the rest of the server goes on: each takes one processor,
        // and for a sort or a hash table this much memory, then disk up to a limit.
        max_parallel_workers_per_gather: "0",
        work_mem: "16MB",
        temp_file_limit: "1GB",
      },
      memberOf: [],
    },
    {
      name: "backup_ro",
      kind: "login",
      purpose: "The nightly dump, which reads everything.",
      connectionLimit: 3,
      // A dump copies tables of any size.
      settings: { statement_timeout: "0", ...READER },
      memberOf: [],
    },
  ],
  readers: ["dashboard_ro", "analytics_ro", "backup_ro", ...analystParts.map(({ name }) => name)],
  // A part has nothing that the whole has not.
  hidden: { schema: "private", from: ["dashboard_ro", "analytics_ro"] },
  functions: {
    revoked: "always",
    // One migration at a time: the runner holds a lock of its session; migrations add the policies that compress, and
    // private.remove_before and remove_positions drop chunks. The writer hands values to its statements as settings, as commands
    // do, and pg_dump begins with set_config; one that dumps with several connections shares a snapshot.
    kept: [
      { family: "settings", roles: ["tracksolid_owner", "ingest_app", "backup_ro"] },
      { family: "snapshots", roles: ["backup_ro"] },
      { family: "advisory locks", roles: ["tracksolid_owner"] },
      { family: "TimescaleDB", roles: ["tracksolid_owner"] },
    ],
  },
} satisfies DatabaseRoles;
