import type { DatabaseRoles } from "./definition.ts";

/** Its services may count on it; where they look for their tables is not known here. */
const settingsLeft = ["search_path"];

/** Roles of the sibling product that shares the server. Its objects stay with whoever owns them. */
export const fleetPlatform = {
  product: "fleet_platform",
  schemas: ["auth", "domain", "events", "geo", "ops", "serve", "slo", "state"],
  telling: ["auth", "domain", "events", "geo", "ops", "serve", "slo", "state"],
  // Another product's: it may be on another server, or not there yet.
  expected: false,
  roles: [
    {
      name: "fp_app_rw",
      kind: "group",
      purpose: "Reads and writes the rows of all its schemas, for the services that are members.",
    },
    {
      name: "gateway_app",
      kind: "login",
      purpose: "The gateway, which answers people: nothing it does may take long.",
      connectionLimit: 15,
      settings: {
        statement_timeout: "15s",
        idle_in_transaction_session_timeout: "30s",
        idle_session_timeout: "5min",
        lock_timeout: "3s",
      },
      settingsLeft,
      memberOf: ["fp_app_rw"],
    },
    {
      name: "cron_app",
      kind: "login",
      purpose: "Its scheduled jobs.",
      connectionLimit: 5,
      settings: {
        statement_timeout: "120s",
        idle_in_transaction_session_timeout: "120s",
        idle_session_timeout: "10min",
        lock_timeout: "5s",
      },
      settingsLeft,
      memberOf: ["fp_app_rw"],
    },
    {
      name: "fleet_platform_owner",
      kind: "login",
      purpose: "Runs its migrations, only if its services migrate.",
      connectionLimit: 5,
      // As tracksolid_owner: a migration may run long, only its waiting is bounded.
      settings: {
        statement_timeout: "0",
        lock_timeout: "10s",
        idle_in_transaction_session_timeout: "5min",
        idle_session_timeout: "10min",
      },
      settingsLeft,
      memberOf: [],
      onRequest: true,
    },
  ],
  writers: { group: "fp_app_rw", owner: "fleet_platform_owner" },
  // Which of the functions its services call is not known here.
  functions: { revoked: "when asked", kept: [] },
} satisfies DatabaseRoles;
