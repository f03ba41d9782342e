import * as z from "zod";
import { allLabelled, jsonOf, labelled, rowsOf } from "../cloudflare/output.ts";
import { WranglerFailed, wrangler } from "../cloudflare/wrangler.ts";
import { pathName } from "./origin.ts";
import type { Wanted } from "./wanted.ts";

/** A Hyperdrive configuration of the account. */
export interface FoundPool {
  id: string;
  name: string;
  user: string;
  database: string;
  isCached: boolean;
  originConnectionLimit: number | null;
  /** The VPC service it goes through; null where it goes through the internet. */
  serviceId: string | null;
}

/** A VPC service: an address in a private network, behind a tunnel. */
export interface FoundService {
  id: string;
  name: string;
  host: string;
  port: number;
  tunnelId: string;
}

/** A tunnel, by the name or id it was asked for. */
export interface FoundTunnel {
  id: string;
  /** `healthy` where a connector runs. */
  status: string;
}

/** What the account has of what is wanted. */
export interface Found {
  queues: string[];
  buckets: string[];
  namespaces: { id: string; title: string }[];
  pools: FoundPool[];
  services: FoundService[];
  tunnels: Map<string, FoundTunnel>;
}

const namespaces = z.array(z.object({ id: z.string(), title: z.string() }));

const config = z.object({
  id: z.string(),
  name: z.string(),
  origin: z.object({
    user: z.string().default(""),
    database: z.string().default(""),
    service_id: z.string().nullish(),
  }),
  caching: z.object({ disabled: z.boolean().default(false) }).nullish(),
  origin_connection_limit: z.number().nullish(),
});

/** Asks the account. `tunnel` is one that is wanted by name instead of that of its server. */
export async function look(root: string, wanted: Wanted, tunnel: string | undefined): Promise<Found> {
  const ask = (...words: string[]) => wrangler(root, words);
  const [queues, buckets, listed, pools] = await Promise.all([
    foundQueues(ask, wanted),
    ask("r2", "bucket", "list"),
    ask("kv", "namespace", "list"),
    foundPools(ask, wanted),
  ]);
  const names = wanted.pools.flatMap(({ origin }) => (origin ? pathName(origin) : []));
  const services = await foundServices(ask, names, pools);
  const asked = new Set([
    ...names.map((name) => tunnel ?? name),
    ...services.map(({ tunnelId }) => tunnelId),
  ]);
  const tunnels = await Promise.all(
    [...asked].map(async (name) => [name, await foundTunnel(ask, name)] as const),
  );
  return {
    queues,
    buckets: allLabelled(buckets, "name"),
    namespaces: namespaces.parse(jsonOf(listed)),
    pools,
    services,
    tunnels: new Map(tunnels.flatMap(([name, found]) => (found ? [[name, found] as const] : []))),
  };
}

type Ask = (...words: string[]) => Promise<string>;

/** A list has pages, and does not say how many: until all that are wanted are found, or a page has nothing new. */
async function foundQueues(ask: Ask, { queues }: Wanted): Promise<string[]> {
  const names: string[] = [];
  for (let page = 1; ; page++) {
    const rows = rowsOf(await ask("queues", "list", "--page", String(page)));
    const fresh = rows.flatMap(({ name = "" }) => (names.includes(name) ? [] : name));
    names.push(...fresh);
    if (fresh.length === 0 || queues.every(({ name }) => names.includes(name))) return names;
  }
}

/** Those that have the id of `wrangler.toml` or the name; the list does not say whether one goes through a VPC service. */
async function foundPools(ask: Ask, { pools }: Wanted): Promise<FoundPool[]> {
  const rows = rowsOf(await ask("hyperdrive", "list")).filter(({ id, name }) =>
    pools.some((wanted) => wanted.name === name || wanted.bindings.some((bound) => bound.id === id)),
  );
  return Promise.all(
    rows.map(async ({ id = "" }) => {
      const { origin, caching, ...rest } = config.parse(jsonOf(await ask("hyperdrive", "get", id)));
      return {
        id,
        name: rest.name,
        user: origin.user,
        database: origin.database,
        isCached: caching?.disabled !== true,
        originConnectionLimit: rest.origin_connection_limit ?? null,
        serviceId: origin.service_id ?? null,
      };
    }),
  );
}

/** The list cuts the ids of tunnels short. */
async function foundServices(ask: Ask, names: string[], pools: FoundPool[]): Promise<FoundService[]> {
  const rows = rowsOf(await ask("vpc", "service", "list")).filter(
    ({ id = "", name = "" }) => names.includes(name) || pools.some(({ serviceId }) => serviceId === id),
  );
  return Promise.all(
    rows.map(async ({ id = "", name = "" }) => {
      const output = await ask("vpc", "service", "get", id);
      const part = (label: string) => labelled(output, label) ?? "";
      return {
        id,
        name,
        host: part("IPv4") || part("IPv6") || part("Hostname"),
        port: Number(part("TCP Port")),
        tunnelId: part("Tunnel ID"),
      };
    }),
  );
}

/** `tunnel list` would list tunnels that were deleted, too, and not say so. */
async function foundTunnel(ask: Ask, name: string): Promise<FoundTunnel | null> {
  try {
    const output = await ask("tunnel", "info", name);
    return { id: labelled(output, "ID") ?? "", status: labelled(output, "Status") ?? "" };
  } catch (error) {
    if (error instanceof WranglerFailed && error.output.includes("neither the ID nor the name")) return null;
    throw error;
  }
}
