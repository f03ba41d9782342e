import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { commandOf } from "../local/processes.ts";
import { freePort } from "./free-port.ts";
import { findBinaries, type PostgresBinaries, serverUser } from "./postgres-binaries.ts";

/** A running embedded Postgres 16, reachable on loopback only. */
export interface EmbeddedDatabase {
  port: number;
  /** Superuser URL of a database of this cluster. */
  adminUrl(database: string): string;
  stop(): Promise<void>;
}

const PASSWORD = "embedded";

/** Knows capitals beyond ASCII, which a search for a name needs; macOS has no C.UTF-8. */
const LOCALE = process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8";

const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;

/** For tests only: a crash of the machine may cost the cluster, in exchange commits are not waited for. */
const VOLATILE_FLAGS = [
  ...["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
  // Of thousands of log-ins, each otherwise hashes the password thousands of times.
  ...["-c", "scram_iterations=1"],
];

/**
 * Starts the Postgres of npm in `dataDir`, creating the cluster at first use. A server left behind by a
 * hard kill is stopped first.
 *
 * @param options.volatile Trades durability for speed; for tests.
 * @throws with the server's own words when it does not start.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: { volatile?: boolean; maxConnections?: number } = {},
): Promise<EmbeddedDatabase> {
  const binaries = await findBinaries();
  await stopStaleServer(dataDir);
  const fresh = !(await exists(join(dataDir, "PG_VERSION")));
  if (fresh) await createCluster(binaries, dataDir);

  const port = await freePort();
  const server = spawn(
    binaries.postgres,
    [
      ...["-D", dataDir, "-p", String(port), "-k", ""],
      ...["-c", "listen_addresses=127.0.0.1", "-c", "timezone=UTC"],
      ...["-c", `max_connections=${options.maxConnections ?? 100}`],
      ...(options.volatile ? VOLATILE_FLAGS : []),
    ],
    { ...serverUser(), stdio: ["ignore", "ignore", "pipe"], cwd: dataDir },
  );
  await ready(server, dataDir);
  const stopWithParent = () => server.kill("SIGINT");
  process.once("exit", stopWithParent);
  return {
    port,
    adminUrl: (database) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`,
    async stop() {
      process.off("exit", stopWithParent);
      await stop(server);
    },
  };
}

/** Stops the server that a hard-killed parent left in a data folder: its own pid file tells whom. */
export async function stopStaleServer(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n")[0]);
  if (!pid) return;
  // Pids are reused: only a process that names this data folder is the server meant.
  const runs = () => commandOf(pid).includes(dataDir);
  if (!runs()) {
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, "SIGINT");
  for (let waitedMs = 0; waitedMs < STOP_PATIENCE_MS && runs(); waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function createCluster(binaries: PostgresBinaries, dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const user = serverUser();
  if (user.uid !== undefined && user.gid !== undefined) {
    // The server's user must be able to pass to its folder.
    await chmod(dirname(dataDir), 0o755);
    await chown(dataDir, user.uid, user.gid);
  }
  const passwordFile = join(tmpdir(), `tracksolid-password-${process.pid}`);
  await writeFile(passwordFile, PASSWORD);
  try {
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${dataDir}`,
        "--auth=scram-sha-256",
        "--username=postgres",
        `--pwfile=${passwordFile}`,
        "--encoding=UTF8",
        `--locale=${LOCALE}`,
      ],
      { ...user, cwd: dataDir },
    );
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(
      `The embedded Postgres could not create its cluster in ${dataDir}.\n${stderr || (error as Error).message}`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function ready(server: ChildProcess, dataDir: string): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        new Error(
          `The embedded Postgres ${why} in ${dataDir}.\n${log.split("\n").slice(-10).join("\n")}\n` +
            "If it is damaged, delete that folder; if this machine cannot run it, set DATABASE_URL instead.",
        ),
      );
    const timer = setTimeout(() => fail("did not start in time"), START_PATIENCE_MS);
    server.once("error", (error) => fail(error.message));
    server.once("exit", (code) => fail(`stopped with code ${code}`));
    server.stderr?.on("data", (chunk) => {
      // Read on for ever: a full pipe would stop the server.
      if (log.length < 100_000) log += chunk;
      if (log.includes("ready to accept connections")) {
        clearTimeout(timer);
        resolve();
      }
    });
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  // SIGINT is Postgres's fast shutdown: sessions end, data is safe.
  server.kill("SIGINT");
  const timer = setTimeout(() => server.kill("SIGKILL"), STOP_PATIENCE_MS);
  await gone;
  clearTimeout(timer);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
