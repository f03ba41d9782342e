import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";

const START_PATIENCE_MS = 20_000;

/** What the file says: who started the processes, and which they are. */
interface Noted {
  owner: number;
  children: { pid: number; command: string }[];
}

/**
 * Child processes of the local stack. Each leads a process group of its own, so that stopping it also stops
 * what it started, and the groups are noted in a file, so that a start after a hard kill can clear them away.
 */
export class Processes {
  readonly #file: string;
  readonly #children = new Set<ChildProcess>();

  /**
   * Stops what an earlier start has left behind.
   * @param file Where the groups are noted.
   * @throws when that start still runs.
   */
  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const { owner, children } = this.#noted();
    // Pids are reused: only a process that still runs our command is ours.
    if (owner !== process.pid && commandOf(owner).includes(basename(process.argv[1] ?? ""))) {
      throw new Error(
        `Another start (process ${owner}) is using ${dirname(file)}: stop it, or start this one with --folder.`,
      );
    }
    for (const { pid, command } of children) {
      if (commandOf(pid).includes(command)) signalGroup(pid, "SIGKILL");
    }
    this.#note();
  }

  /** Starts a command under this Node. `onOutput` hears stdout and stderr, `onExit` an end nobody asked for. */
  start(
    command: [string, ...string[]],
    options: {
      cwd: string;
      env: NodeJS.ProcessEnv;
      onOutput(text: string): void;
      onExit(code: number | null): void;
    },
  ): ChildProcess {
    const child = spawn(process.execPath, command, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.add(child);
    this.#note();
    child.stdout.on("data", (chunk) => options.onOutput(String(chunk)));
    child.stderr.on("data", (chunk) => options.onOutput(String(chunk)));
    child.on("exit", (code) => {
      if (this.#children.delete(child)) options.onExit(code);
      this.#note();
    });
    return child;
  }

  /**
   * Starts a command and waits until it is up.
   * @param found Told its output so far; null until it is up
   * @throws with the output, where it ends before or takes too long
   */
  async startUntil<T>(
    name: string,
    command: [string, ...string[]],
    cwd: string,
    found: (output: string) => T | null | Promise<T | null>,
  ): Promise<T> {
    let output = "";
    let exited = false;
    this.start(command, {
      ...{ cwd, env: process.env },
      onOutput: (text) => {
        output += text;
      },
      onExit: () => {
        exited = true;
      },
    });
    for (const deadline = Date.now() + START_PATIENCE_MS; !exited && Date.now() < deadline; ) {
      const result = await found(output);
      if (result !== null) return result;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${name} did not start.\n${output.trim()}`);
  }

  /** Stops everything: kindly first, hard after `patienceMs`. */
  async stopAll(patienceMs = 3_000): Promise<void> {
    const children = [...this.#children];
    this.#children.clear();
    await Promise.all(
      children.map(async (child) => {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        signalGroup(child.pid, "SIGTERM");
        const timer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), patienceMs);
        if (child.exitCode === null && child.signalCode === null) await gone;
        clearTimeout(timer);
        // The leader is gone; what it started may not be.
        signalGroup(child.pid, "SIGKILL");
      }),
    );
    this.#note();
  }

  #note(): void {
    const children = [...this.#children].map((child) => ({ pid: child.pid, command: child.spawnargs[1] }));
    writeFileSync(this.#file, JSON.stringify({ owner: process.pid, children }));
  }

  #noted(): Noted {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8"));
    } catch {
      // The first start, or one that was killed while writing.
      return { owner: 0, children: [] };
    }
  }
}

/** The command line of a process, or "" where there is none. */
export function commandOf(pid: number): string {
  try {
    // Slim images have no `ps`, macOS no /proc.
    if (existsSync(`/proc/${pid}/cmdline`))
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return process.platform === "linux"
      ? ""
      : execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
