import { identifier } from "../../shared/quote.ts";
import { type DatabaseRoles, loginRoles } from "./definition.ts";
import type { FoundRole } from "./look.ts";
import { describePool, LEAST_ORIGIN_CONNECTIONS, type Pool, SPARE_CONNECTIONS } from "./pools.ts";

/** Kept free for people, for migrations, and for what nobody thought of. */
export const KEPT_FREE = 10;

/** What the server says of itself. */
export interface ServerLoad {
  maxConnections: number;
  /** `superuser_reserved_connections` and, from PostgreSQL 16 on, `reserved_connections`. */
  reserved: number;
  /** Clients connected now. */
  live: number;
  roles: FoundRole[];
  databases: FoundDatabase[];
}

export interface FoundDatabase {
  name: string;
  /** -1 where it has none; it does not hold for superusers. */
  connectionLimit: number;
  /** Roles that were granted to connect to it; whoever may as anybody is not among them. */
  admitted: string[];
}

/** What a role counts for. */
export interface BudgetLine {
  role: string;
  /** Of which product it is; null of none that is known here. */
  product: string | null;
  /** By definition. */
  defined: number | null;
  /** In the server; null where the role is not there, -1 where nothing bounds it. */
  limit: number | null;
  connections: number;
  /** How many of the server's connections it takes at worst, or, without a limit, takes now. */
  counted: number;
}

export interface Budget {
  lines: BudgetLine[];
  /** All that roles may have together. */
  sum: number;
  /** What they share. */
  available: number;
  /** What is wrong, with what to do. */
  problems: string[];
  /** What a person should know; nothing is wrong. */
  remarks: string[];
}

/** Adds up what all roles may have, and holds it against what the server has. */
export function budgetOf(server: ServerLoad, databases: DatabaseRoles[], pools: Pool[]): Budget {
  const lines = [...ownLines(server, databases), ...foundLines(server, databases)];
  const sum = lines.reduce((total, { counted }) => total + counted, 0);
  const available = server.maxConnections - server.reserved - KEPT_FREE;
  const unlimited = lines.filter(({ limit }) => limit === -1).map(({ role }) => role);
  const differing = lines.filter(
    ({ defined, limit }) => defined !== null && limit !== null && defined !== limit,
  );
  return {
    lines,
    sum,
    available,
    problems: [
      ...tooMany(lines, sum, available),
      ...(server.live > available
        ? [
            `${server.live} clients are connected now, ${server.live - available} more than ${available}: end some, or raise max_connections.`,
          ]
        : []),
      ...pools
        .filter(({ originConnectionLimit }) => originConnectionLimit < LEAST_ORIGIN_CONNECTIONS)
        .map(
          (pool) =>
            `${describePool(pool)} has ${pool.originConnectionLimit} connections, Hyperdrive takes no less than ${LEAST_ORIGIN_CONNECTIONS}: raise it in scripts/roles/pools.ts.`,
        ),
      ...crowded(lines, pools),
      ...narrow(server, lines),
    ],
    remarks: [
      ...differing.map(
        ({ role, defined, limit }) =>
          `${role} has ${limit === -1 ? "no limit" : `a limit of ${limit}`} in the server and ${defined} by definition: run npm run db:roles.`,
      ),
      ...(unlimited.length > 0
        ? [`Nothing bounds ${unlimited.join(", ")}: counted with the connections of this moment.`]
        : []),
    ],
  };
}

function ownLines({ roles, databases: present }: ServerLoad, databases: DatabaseRoles[]): BudgetLine[] {
  return databases.flatMap((definition) => {
    const found = (name: string) => roles.find((role) => role.name === name);
    const own = loginRoles(definition);
    const counts =
      definition.expected ||
      present.some(({ name }) => name === definition.product) ||
      own.some(({ name }) => found(name));
    if (!counts) return [];
    return own.flatMap(({ name, connectionLimit, onRequest }) => {
      const role = found(name);
      if (!role && onRequest) return [];
      const limit = role ? limitOf(role) : null;
      const connections = role?.connections ?? 0;
      const counted =
        limit === null ? connectionLimit : limit === -1 ? Math.max(connections, connectionLimit) : limit;
      return [
        { role: name, product: definition.product, defined: connectionLimit, limit, connections, counted },
      ];
    });
  });
}

function foundLines({ roles }: ServerLoad, databases: DatabaseRoles[]): BudgetLine[] {
  const own = new Set(databases.flatMap((definition) => definition.roles.map(({ name }) => name)));
  return roles
    .filter(({ name }) => !own.has(name))
    .map((role) => {
      const limit = limitOf(role);
      const counted = limit === -1 ? Math.max(role.connections, role.owns ? 1 : 0) : limit;
      const { name, connections } = role;
      return { role: name, product: null, defined: null, limit, connections, counted };
    });
}

/** No limit holds for a superuser. */
const limitOf = ({ superuser, connectionLimit }: FoundRole) => (superuser ? -1 : connectionLimit);

function tooMany(lines: BudgetLine[], sum: number, available: number): string[] {
  if (sum <= available) return [];
  const largest = lines
    .filter(({ product }) => product === null)
    .sort((a, b) => b.counted - a.counted)
    .slice(0, 3)
    .filter(({ counted }) => counted > 0)
    .map(({ role, counted }) => `${role} (${counted})`);
  const first =
    largest.length > 0
      ? `lower the limits of those that are not ours first: ${largest.join(", ")}`
      : "lower limits in scripts/roles";
  return [
    `The limits add up to ${sum}, ${sum - available} more than ${available}: ${first}; or raise max_connections by ${sum - available}.`,
  ];
}

/** Databases that let in fewer than those of our roles that were granted to connect may have. */
function narrow({ databases }: ServerLoad, lines: BudgetLine[]): string[] {
  return databases.flatMap(({ name, connectionLimit, admitted }) => {
    const own = lines.filter(({ role, product }) => product !== null && admitted.includes(role));
    const most = own.reduce((total, { counted }) => total + counted, 0);
    // -1 is none, and -2 a database that broke while it was dropped.
    return connectionLimit < 0 || connectionLimit >= most
      ? []
      : [
          `The database ${name} lets in ${connectionLimit} connections, ${most - connectionLimit} fewer than ${own.map(({ role }) => role).join(", ")} may have together: alter database ${identifier(name)} connection limit -1.`,
        ];
  });
}

/** Roles whose pools together come too near to their limit. */
function crowded(lines: BudgetLine[], pools: Pool[]): string[] {
  return [...new Set(pools.map(({ role }) => role))].flatMap((name) => {
    const own = pools.filter(({ role }) => role === name);
    const total = own.reduce((sum, { originConnectionLimit }) => sum + originConnectionLimit, 0);
    const line = lines.find(({ role }) => role === name);
    if (!line) return [`${name} has pools and is no role that is defined: mend scripts/roles/pools.ts.`];
    // No limit, no crowd; the remark says so.
    if (line.limit === -1) return [];
    const most = (line.limit ?? line.defined ?? 0) - SPARE_CONNECTIONS;
    return total <= most
      ? []
      : [
          `The pools of ${name} may open ${total} connections (${own.map((pool) => `${describePool(pool)} ${pool.originConnectionLimit}`).join(", ")}), ${total - most} more than ${most}, ${SPARE_CONNECTIONS} below its limit: lower them, or raise the limit.`,
        ];
  });
}
