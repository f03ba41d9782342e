import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A version that was uploaded, as the platform keeps it. */
export interface StandInVersion {
  id: string;
  message: string;
  tag: string;
  /** The classes that are bound, and all that is declared of classes. */
  classes: string[];
  exports: string;
}

export interface StandInDeployment {
  id: string;
  created_on: string;
  author_email: string;
  versions: { version_id: string; percentage: number }[];
}

export interface StandInPool {
  id: string;
  name: string;
  origin: Record<string, unknown>;
  caching: { disabled?: boolean };
  origin_connection_limit?: number;
}

/** What the account has. */
export interface Account {
  queues: { name: string; retentionS: number | null }[];
  buckets: string[];
  namespaces: { id: string; title: string }[];
  tunnels: { id: string; name: string; status: string }[];
  services: {
    id: string;
    name: string;
    port: number;
    host: string;
    tunnelId: string;
    verification: string;
  }[];
  pools: StandInPool[];
  /** By name. */
  workers: Record<
    string,
    {
      secrets: string[];
      versions: StandInVersion[];
      deployments: StandInDeployment[];
      triggersOf: string | null;
    }
  >;
  /** What a tunnel is when it is made. */
  newTunnels: string;
  /** After so many changes wrangler dies: the change is made, and nobody is told. */
  changesLeft: number | null;
  /** A call, by its first words, after which somebody else deploys. */
  otherDeploysAfter: string | null;
}

export const emptyAccount = (): Account => ({
  ...{ queues: [], buckets: [], namespaces: [], tunnels: [], services: [], pools: [], workers: {} },
  ...{ newTunnels: "healthy", changesLeft: null, otherDeploysAfter: null },
});

const accountFile = (root: string) => join(root, "node_modules", "account.json");
const callsFile = (root: string) => join(root, "node_modules", "calls.ndjson");

export const readAccount = async (root: string): Promise<Account> =>
  JSON.parse(await readFile(accountFile(root), "utf8"));

/** At once, for whoever reads meanwhile. */
export async function writeAccount(root: string, account: Account): Promise<void> {
  const fresh = `${accountFile(root)}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(account, null, 1));
  await rename(fresh, accountFile(root));
}

/** Calls run beside each other: a line for each. */
export const noteCall = (root: string, words: string[]): Promise<void> =>
  appendFile(callsFile(root), `${JSON.stringify(words)}\n`);

export const forgetCalls = (root: string): Promise<void> => writeFile(callsFile(root), "");

/** Every call since, as its words. */
export const readCalls = async (root: string): Promise<string[][]> =>
  (await readFile(callsFile(root), "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as string[]);
