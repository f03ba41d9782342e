import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";

/** Debian's interpreter: its packages are installed for that one. */
const PYTHON = "/usr/bin/python3";

/** What the stand-in imports, and the package that each is in. */
const PACKAGES = {
  fastapi: "python3-fastapi",
  uvicorn: "python3-uvicorn",
  psycopg2: "python3-psycopg2",
  // Without these two uvicorn is slower than it was where it ran.
  uvloop: "python3-uvloop",
  httptools: "python3-httptools",
};

const LOOKS = 100;
const LOOK_EVERY_MS = 100;

/** The stand-in of the earlier system, in a process of its own. */
export interface Earlier {
  url: URL;
  stop(): Promise<void>;
}

/** @returns What keeps the stand-in from running here, in words; null where nothing does. */
export async function missingForEarlier(): Promise<string | null> {
  const missing: string[] = [];
  for (const [module, debian] of Object.entries(PACKAGES)) {
    await promisify(execFile)(PYTHON, ["-c", `import ${module}`]).catch(() => missing.push(debian));
  }
  return missing.length === 0
    ? null
    : `left out: ${missing.join(", ")} missing (apt-get install --no-install-recommends ${missing.join(" ")})`;
}

/** Starts one process of it, as the earlier system had. */
export async function startEarlier(databaseUrl: string): Promise<Earlier> {
  const port = await freePort();
  const url = new URL(`http://127.0.0.1:${port}`);
  const process_ = spawn(
    PYTHON,
    [
      ...["-m", "uvicorn", "main:app", "--app-dir", "test/bench/earlier", "--port", String(port)],
      ...["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"],
    ],
    {
      env: { ...process.env, DATABASE_URL: databaseUrl, PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const ended = new Promise<void>((resolve) => process_.once("exit", () => resolve()));
  for (let look = 0; ; look++) {
    const answer = await fetch(new URL("/health", url)).catch(() => undefined);
    if (answer?.ok) break;
    if (look === LOOKS || process_.exitCode !== null) throw new Error("The stand-in does not start");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return {
    url,
    async stop() {
      process_.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port is free");
  return address.port;
}
