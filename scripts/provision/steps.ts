import type { Found, FoundPool } from "./found.ts";
import { addressWords, type Origin, pathName, variableOf } from "./origin.ts";
import { RETENTION_S, type Wanted, type WantedPool } from "./wanted.ts";

/** Something to do, by a call of wrangler. */
export interface Step {
  what: string;
  words: string[];
  /** Those of its words that nobody may see. */
  secrets: string[];
}

/** What is to be done with the account. */
export interface Plan {
  /** Can be done now. */
  steps: Step[];
  /** Comes after those, each in a sentence. */
  later: string[];
  /** What a person has to do, each in a sentence. */
  open: string[];
}

/** Of a tunnel with a connector; a degraded one has fewer connections than it tries to have. */
const RUNNING = ["healthy", "degraded"];

/** What is missing or wrong, in the order in which it can be done: a pool needs its service, a service its tunnel. */
export function planOf(wanted: Wanted, found: Found, tunnel: string | undefined): Plan {
  const plan: Plan = { steps: [], later: [], open: [] };
  for (const { name, isKept } of wanted.queues) {
    if (found.queues.includes(name)) continue;
    const kept = isKept ? ["--message-retention-period-secs", String(RETENTION_S)] : [];
    const what = `queue ${name}${isKept ? `, messages kept ${RETENTION_S / 86_400} days` : ""}`;
    plan.steps.push({ what: `make ${what}`, words: ["queues", "create", name, ...kept], secrets: [] });
  }
  for (const name of wanted.buckets.filter((bucket) => !found.buckets.includes(bucket))) {
    plan.steps.push({
      what: `make R2 bucket ${name}`,
      words: ["r2", "bucket", "create", name],
      secrets: [],
    });
  }
  for (const { id, title } of wanted.namespaces) {
    if (found.namespaces.some((there) => there.id === id || there.title === title)) continue;
    plan.steps.push({
      what: `make KV namespace ${title}`,
      words: ["kv", "namespace", "create", title],
      secrets: [],
    });
  }
  planPath(plan, wanted, found, tunnel);
  for (const pool of wanted.pools) planPool(plan, pool, found, tunnel);
  return plan;
}

/** Tunnels and VPC services to the servers that the URLs name, each once. */
function planPath(plan: Plan, wanted: Wanted, found: Found, tunnel: string | undefined): void {
  const origins = new Map(wanted.pools.flatMap(({ origin }) => (origin ? [[pathName(origin), origin]] : [])));
  const waiting = new Set<string>();
  for (const [name, origin] of origins) {
    const service = found.services.find((there) => there.name === name);
    const tunnelName = tunnel ?? name;
    const there = service ? found.tunnels.get(service.tunnelId) : found.tunnels.get(tunnelName);
    if (!there && !waiting.has(tunnelName)) {
      waiting.add(tunnelName);
      plan.steps.push({
        what: `make tunnel ${tunnelName}`,
        words: ["tunnel", "create", tunnelName],
        secrets: [],
      });
    }
    if (service) continue;
    if (there) plan.steps.push(serviceStep(name, origin, there.id));
    else plan.later.push(`make VPC service ${name}, to ${origin.host}:${origin.port} behind that tunnel`);
  }
}

const serviceStep = (name: string, origin: Origin, tunnelId: string): Step => ({
  what: `make VPC service ${name}, to ${origin.host}:${origin.port}`,
  words: [
    ...["vpc", "service", "create", name, "--type", "tcp", "--tcp-port", String(origin.port)],
    ...["--app-protocol", "postgresql", "--tunnel-id", tunnelId, ...addressWords(origin.host)],
    ...["--cert-verification-mode", origin.verification],
  ],
  secrets: [],
});

function planPool(plan: Plan, wanted: WantedPool, found: Found, tunnel: string | undefined): void {
  const { pool, name, origin } = wanted;
  const there = poolOf(wanted, found);
  const limits = ["--caching-disabled", "--origin-connection-limit", String(pool.originConnectionLimit)];
  const faults = there ? faultsOf(wanted, there) : [];
  const goesElsewhere = there !== undefined && leadsElsewhere(wanted, there, found);
  if (there && !goesElsewhere) {
    planConnector(plan, found, there.serviceId, tunnel);
    if (faults.length > 0) {
      const words = ["hyperdrive", "update", there.id, ...limits];
      plan.steps.push({ what: `correct Hyperdrive ${there.name}: ${faults.join(", ")}`, words, secrets: [] });
    }
    return;
  }
  if (!origin) {
    const reason = there ? "goes through the internet" : "is missing";
    plan.open.push(
      `Hyperdrive ${name} ${reason}: set ${variableOf(pool)} to the URL of ${pool.role}, with the server as the tunnel reaches it.`,
    );
    return;
  }
  const what = there
    ? `correct Hyperdrive ${there.name}: ${[...faults, `to ${origin.host}:${origin.port}/${origin.database} as ${origin.user}, by the tunnel`].join(", ")}`
    : `make Hyperdrive ${name} as ${origin.user}, without caching, at most ${pool.originConnectionLimit} connections`;
  const service = found.services.find((candidate) => candidate.name === pathName(origin));
  if (!service || !planConnector(plan, found, service.id, tunnel)) {
    plan.later.push(what);
    return;
  }
  plan.steps.push({
    what,
    // wrangler takes a password as an argument only. Who may list the processes of this machine sees it for a second.
    words: [
      ...["hyperdrive", ...(there ? ["update", there.id] : ["create", name]), "--service-id", service.id],
      ...["--origin-scheme", "postgresql", "--database", origin.database],
      // In one word: a password may begin as an option does.
      ...["--origin-user", origin.user, `--origin-password=${origin.password}`, ...limits],
    ],
    secrets: [origin.password],
  });
}

/** @returns whether somebody is at the other end of the tunnel to a service; where not, what to do is left open */
function planConnector(
  plan: Plan,
  found: Found,
  serviceId: string | null,
  wantedName: string | undefined,
): boolean {
  const service = found.services.find(({ id }) => id === serviceId);
  const tunnel = service && found.tunnels.get(service.tunnelId);
  if (!service || !tunnel) return false;
  if (RUNNING.includes(tunnel.status)) return true;
  const sentence = `No connector of tunnel ${wantedName ?? service.name} runs (it is ${tunnel.status}), and Hyperdrive tries the database before it takes it: start cloudflared where the database is reached, with the token that the dashboard shows for the tunnel, or npx wrangler tunnel run ${tunnel.id}. Then run this again.`;
  if (!plan.open.includes(sentence)) plan.open.push(sentence);
  return false;
}

/** By the id in `wrangler.toml`, otherwise by its name. */
export const poolOf = ({ name, bindings }: WantedPool, { pools }: Found): FoundPool | undefined =>
  pools.find(({ id }) => bindings.some((bound) => bound.id === id)) ??
  pools.find((pool) => pool.name === name);

function faultsOf({ pool }: WantedPool, there: FoundPool): string[] {
  return [
    ...(there.isCached ? ["caching is on"] : []),
    ...(there.originConnectionLimit === pool.originConnectionLimit
      ? []
      : [
          `${there.originConnectionLimit ?? "any number of"} connections instead of ${pool.originConnectionLimit}`,
        ]),
  ];
}

/** Whether it has another way, server, database or role. Where no URL was given only the way and the role are known. */
function leadsElsewhere({ pool, origin }: WantedPool, there: FoundPool, found: Found): boolean {
  if (there.serviceId === null || there.user !== pool.role) return true;
  if (!origin) return false;
  const service = found.services.find(({ id }) => id === there.serviceId);
  return (
    there.database !== origin.database ||
    service?.host.toLowerCase() !== origin.host.toLowerCase() ||
    service.port !== origin.port
  );
}
