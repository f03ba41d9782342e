import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { localRoleUrls, type RoleUrls } from "../../scripts/database/roles.ts";
import { startNominatim } from "../nominatim/server.ts";
import { startSimulator } from "../simulator/server.ts";
import { type BuiltWorker, buildWorker, readBuiltWorker } from "./built-worker.ts";
import { startTestCluster } from "./cluster.ts";
import { vendorSettings } from "./world.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The shared database of the tests that run inside workerd. */
    database: RoleUrls;
    /** Superuser URLs of the cluster's `postgres` database and of the shared ones, and what to copy for one's own. */
    cluster: { adminUrl: string; template: string; sharedUrl: string; adoptedUrl: string };
    /** The Worker as it is deployed. Read once: what reads it takes a second to load. */
    builtWorker: BuiltWorker;
    /** Scenarios run at full size. */
    drill: boolean;
    /** The simulator, which makes worlds on request. */
    simulatorUrl: string;
    /** Vendor configuration of the Worker inside workerd: a world for the session's tests. */
    vendor: Record<string, string>;
    /** The Nominatim stand-in of the Worker inside workerd. */
    nominatimUrl: string;
  }
}

/** Starts the database and the simulator that all tests share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-built-"));
  // Of the programs that are started by the hundred, each reads what the first has compiled.
  process.env.NODE_COMPILE_CACHE = join(folder, "compiled");
  const built = join(folder, "worker");
  const [cluster] = await Promise.all([startTestCluster(), buildWorker("wrangler.toml", built)]);
  const simulator = await startSimulator({ worlds: [{ seed: 1, vehicles: 5 }] });
  const world = simulator.worlds[0];
  if (!world) throw new Error("The simulator made no world");

  const nominatim = await startNominatim();

  const urls = localRoleUrls(cluster.sharedUrl);
  // wrangler refuses a Hyperdrive binding without a local address before the test pool can give it one.
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST = urls.ingest;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ = urls.read;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_ANALYST = urls.analyst;
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  project.provide("database", urls);
  project.provide("cluster", {
    adminUrl: cluster.adminUrl,
    template: cluster.template,
    sharedUrl: cluster.sharedUrl,
    adoptedUrl: cluster.adoptedUrl,
  });
  project.provide("builtWorker", await readBuiltWorker(built));
  project.provide("drill", process.env.DRILL === "1");
  project.provide("simulatorUrl", simulator.url);
  const vendor = vendorSettings(world);
  Object.assign(process.env, vendor);
  project.provide("vendor", vendor);
  project.provide("nominatimUrl", nominatim.url);

  return async () => {
    await simulator.close();
    await nominatim.close();
    await cluster.stop();
    // A program that was started by a test may still write what it compiled.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}
