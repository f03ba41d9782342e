/** A Hyperdrive configuration: the connections it may open to the server, all of one role. */
export interface Pool {
  /** As in `wrangler.toml`: those whose binding has its id. It opens its connections once for all of them. */
  environments: string[];
  binding: string;
  role: string;
  /** Its `--origin-connection-limit`. */
  originConnectionLimit: number;
}

/** Hyperdrive takes no less. */
export const LEAST_ORIGIN_CONNECTIONS = 5;

/** What all pools of a role leave of its limit, for a person who looks and a pool that is about to be replaced. */
export const SPARE_CONNECTIONS = 2;

/** The pools of all environments that are deployed. They may share one database, so the limits of a role cover all of them. */
export const pools: Pool[] = [
  { environments: ["production"], binding: "DB_INGEST", role: "ingest_app", originConnectionLimit: 8 },
  { environments: ["production"], binding: "DB_READ", role: "dashboard_ro", originConnectionLimit: 5 },
  // A reader: its DB_INGEST is the same.
  { environments: ["staging"], binding: "DB_READ", role: "dashboard_ro", originConnectionLimit: 5 },
  // As many as queries that the door lets run at once. There is no room in the server for staging's own, and no need.
  {
    environments: ["production", "staging"],
    binding: "DB_ANALYST",
    role: "analytics_ro",
    originConnectionLimit: 8,
  },
];

/** Which pool it is, in words. */
export const describePool = ({ binding, environments }: Pool): string =>
  `${binding} of ${environments.join(" and ")}`;
