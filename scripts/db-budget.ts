import { databaseCommand, runFromTerminal } from "./command.ts";
import { type BudgetLine, budgetOf, KEPT_FREE } from "./roles/budget.ts";
import { databases } from "./roles/databases.ts";
import { pools } from "./roles/pools.ts";
import { readServerLoad } from "./roles/server-load.ts";

export const budgetCommand = databaseCommand({
  help: `Adds up the connections that all roles of the server may have, and holds them against what it has.

  npm run db:budget

DATABASE_URL is a direct connection to any database of the server, best as a superuser: others are told less, and find no
connection where there is none left. Nothing is changed. Ends with 1 where the limits add up to more than there is, where more
clients are connected than should be, or where a Hyperdrive pool (scripts/roles/pools.ts) is too large for its role.`,
  options: {},
  takes: (words) => words.length === 0,
  async run({ sql, log, error, table, result }) {
    const server = await readServerLoad(sql);
    const budget = budgetOf(server, databases, pools);
    const { lines, sum, available, problems, remarks } = budget;
    table(lines.map(shown));
    table(pools.map(({ environments, ...pool }) => ({ environments: environments.join(", "), ...pool })));
    log(
      `${sum} of ${available} (max_connections ${server.maxConnections}, less ${server.reserved} reserved and ${KEPT_FREE} kept free), ${server.live} clients now.`,
    );
    for (const remark of remarks) log(remark);
    for (const problem of problems) error(problem);
    result({ ...budget, live: server.live, pools });
    return problems.length > 0 ? 1 : 0;
  },
});

const shown = ({ role, product, defined, limit, connections, counted }: BudgetLine) => ({
  role,
  of: product ?? "others",
  defined: defined ?? "",
  server: limit === null ? "not there" : limit === -1 ? "none" : limit,
  now: connections,
  counted,
});

if (import.meta.main) await runFromTerminal(budgetCommand);
