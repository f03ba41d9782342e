import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../scripts/database/embedded.ts";
import { migrate, readMigrations } from "../../scripts/database/migrations.ts";
import { localRoleUrls, openLocalRoles, type RoleUrls } from "../../scripts/database/roles.ts";
import { startNominatim } from "../nominatim/server.ts";
import { startSimulator } from "../simulator/server.ts";
import { vendorSettings } from "./world.ts";

/** Database that the files of the outside project copy; nobody else may be connected to it. */
const TEMPLATE = "tracksolid_template";

const CONNECTIONS_PER_ROLE = 700;

declare module "vitest" {
  interface ProvidedContext {
    /** The shared database of the tests that run inside workerd. */
    database: RoleUrls;
    /** Superuser URL of the cluster's `postgres` database, and what to copy for a database of one's own. */
    cluster: { adminUrl: string; template: string };
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
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-test-"));
  const cluster = await startEmbeddedPostgres(join(folder, "postgres"), {
    volatile: true,
    maxConnections: 2 * CONNECTIONS_PER_ROLE + 50,
  });
  const admin = postgres(cluster.adminUrl("postgres"), { max: 1, onnotice: () => {} });
  await admin`create database ${admin(TEMPLATE)}`;
  const template = postgres(cluster.adminUrl(TEMPLATE), { max: 2, onnotice: () => {} });
  await migrate(template, await readMigrations("migrations"));
  // A test file inside workerd is one long invocation: its connections pile up until it ends.
  await openLocalRoles(template, CONNECTIONS_PER_ROLE);
  await template.end();
  await admin`create database runtime template ${admin(TEMPLATE)}`;
  await admin.end();

  const simulator = await startSimulator({ worlds: [{ seed: 1, vehicles: 5 }] });
  const world = simulator.worlds[0];
  if (!world) throw new Error("The simulator made no world");

  const nominatim = await startNominatim();

  const urls = localRoleUrls(cluster.adminUrl("runtime"));
  // wrangler refuses a Hyperdrive binding without a local address before the test pool can give it one.
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_INGEST = urls.ingest;
  process.env.CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB_READ = urls.read;
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  project.provide("database", urls);
  project.provide("cluster", { adminUrl: cluster.adminUrl("postgres"), template: TEMPLATE });
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
    await rm(folder, { recursive: true, force: true });
  };
}
