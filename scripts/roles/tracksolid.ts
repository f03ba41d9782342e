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
    {
      name: "analytics_ro",
      kind: "login",
      purpose: "Analysts with SQL of their own.",
      connectionLimit: 8,
      settings: { statement_timeout: "30s", ...READER },
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
  readers: ["dashboard_ro", "analytics_ro", "backup_ro"],
  hidden: { schema: "private", from: ["dashboard_ro", "analytics_ro"] },
  functions: {
    revoked: "always",
    // One migration at a time: the runner holds a lock of its session; migrations add the policies that compress, and
    // private.remove_before and remove_positions drop chunks. The Worker calls none of the functions.
    kept: [
      { family: "advisory locks", roles: ["tracksolid_owner"] },
      { family: "TimescaleDB", roles: ["tracksolid_owner"] },
    ],
  },
} satisfies DatabaseRoles;
