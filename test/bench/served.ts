import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type WorkerdStructuredLog } from "miniflare";
import type { RoleUrls } from "../../scripts/database/roles.ts";
import { type BuiltWorker, buildWorker, readBuiltWorker } from "../setup/built-worker.ts";
import { type Handlers, handlersOf } from "../setup/handlers.ts";

/** Built Workers in one workerd, each at a port of its own: nothing stands between client and Worker. */
export interface Served {
  runtime: Miniflare;
  /** Where a Worker listens. */
  url(name: string): Promise<URL>;
  /** The handlers of a Worker that are no `fetch`. */
  handlers(name: string): Promise<Handlers>;
  /** Where their Durable Objects keep their state. */
  stateFolder: string;
  stop(): Promise<void>;
}

/** A Worker to serve, and variables instead of its own. */
export interface ServedWorker {
  name: string;
  configPath: string;
  vars?: Record<string, string>;
  secrets?: Record<string, string>;
  /** A module that stands before its own, which it imports as `./index.js`. */
  before?: string;
  /** False: what it sends stays in its queues. */
  consumes?: boolean;
  /** With its pages. The local asset router is a Worker more; it costs more than ours, and no deployed one pays for it. */
  servesPages?: boolean;
}

/** How a runtime is started. */
export interface ServeOptions {
  inspectorPort?: number;
  onLog?: (log: WorkerdStructuredLog) => void;
  /** An isolate whose heap would grow beyond it takes the whole runtime with it. */
  heapLimitMb?: number;
}

/** Builds Workers as a deployment would, and serves them. */
export async function serve(
  urls: RoleUrls,
  workers: ServedWorker[],
  options: ServeOptions = {},
): Promise<Served> {
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST = urls.ingest;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ = urls.read;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_ANALYST = urls.analyst;
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-bench-"));
  const stateFolder = join(folder, "state");
  const built = await Promise.all(workers.map((worker) => build(worker, join(folder, worker.name))));
  process.env.MINIFLARE_WORKERD_V8_FLAGS =
    options.heapLimitMb === undefined ? "" : `--max-heap-size=${options.heapLimitMb}`;
  const runtime = new Miniflare({
    ...convertV4MiniflareOptions({
      workers: built,
      host: "127.0.0.1",
      cf: false,
      handleStructuredLogs: options.onLog ?? (() => {}),
      ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
    }),
    resourcePersistencePath: stateFolder,
  });
  await runtime.ready;
  return {
    runtime,
    url: (name) => runtime.unsafeGetDirectURL(name),
    handlers: (name) => handlersOf(runtime, name),
    stateFolder,
    async stop() {
      await runtime.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function build(
  { name, configPath, vars, secrets, before, consumes = true, servesPages = false }: ServedWorker,
  folder: string,
): Promise<BuiltWorker> {
  await buildWorker(configPath, folder);
  const { assets, ...options } = await readBuiltWorker(folder);
  return {
    ...options,
    ...(servesPages && { assets }),
    ...(before !== undefined && { modules: [await entry(before, folder), ...modulesOf(options)] }),
    ...(!consumes && { queueConsumers: {} }),
    name,
    bindings: { ...options.bindings, ...vars, ...secrets },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  } as BuiltWorker;
}

/** The first module is the entry. */
async function entry(before: string, folder: string) {
  const path = join(folder, basename(before));
  await copyFile(before, path);
  return { type: "ESModule", path };
}

const modulesOf = ({ modules }: BuiltWorker) => (Array.isArray(modules) ? modules : []);
