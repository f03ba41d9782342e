import { join } from "node:path";
import { freePort } from "../database/free-port.ts";
import type { Processes } from "./processes.ts";

/** Whom the local Worker polls. */
export interface Vendor {
  /** For the screen. */
  name: string;
  real: boolean;
  /** What the Worker is told. The real credentials are not among them: it reads them from `.dev.vars` itself. */
  vars: Record<string, string>;
  /** Has it push to a base URL as things happen; the real one is told by its own people. */
  pushTo?: (url: string, token: string) => Promise<void>;
}

const SECRET_NAMES = [
  "TRACKSOLID_APP_KEY",
  "TRACKSOLID_APP_SECRET",
  "TRACKSOLID_USER",
  "TRACKSOLID_PASSWORD",
];

/** So often the simulator pushes what has happened since. */
const PUSH_EVERY_S = 5;

/** The credentials in `.dev.vars`, or null where there are none. @throws when only some are there. */
export function realCredentials(values: Record<string, string>): Record<string, string> | null {
  const missing = SECRET_NAMES.filter((name) => !values[name]);
  if (missing.length === SECRET_NAMES.length) return null;
  if (missing.length > 0) {
    throw new Error(
      `.dev.vars has no ${missing.join(", ")}: add what is missing, or remove the file for the simulator.`,
    );
  }
  return values;
}

/** The real API, with credentials of `.dev.vars`; its URL and accounts can be set there too, and that its token is shared. */
export function realVendor(values: Record<string, string>): Vendor {
  const vars = Object.fromEntries(
    ["TRACKSOLID_API_URL", "TRACKSOLID_TARGETS", "SHARE_TOKEN"].flatMap((name) =>
      values[name] ? [[name, values[name]]] : [],
    ),
  );
  return { name: vars.TRACKSOLID_API_URL ?? "the API of wrangler.toml", real: true, vars };
}

/** Starts the simulator as a program of its own and returns how to reach it. */
export async function startSimulator(root: string, processes: Processes, options: string[]): Promise<Vendor> {
  const port = await freePort();
  const secrets = {
    TRACKSOLID_APP_KEY: "LOCALAPPKEY0000000000000000000001",
    TRACKSOLID_APP_SECRET: "local-simulator-secret",
    TRACKSOLID_USER: "fireside",
    TRACKSOLID_PASSWORD: "local-simulator-password",
  };
  const accounts = "fireside,Fireside@HQ,Fireside_MSA";
  const url = `http://127.0.0.1:${port}`;
  await processes.startUntil(
    "The simulator",
    [
      join(root, "scripts", "simulate.ts"),
      ...["--port", String(port), "--accounts", accounts, "--user", secrets.TRACKSOLID_USER],
      ...["--app-key", secrets.TRACKSOLID_APP_KEY, "--app-secret", secrets.TRACKSOLID_APP_SECRET],
      ...["--password", secrets.TRACKSOLID_PASSWORD],
      ...options,
    ],
    root,
    // Any answer will do: the door takes POST only.
    () =>
      fetch(`${url}/route/rest`).then(
        (response) => response.text(),
        () => null,
      ),
  );
  const world = `${url}/control/worlds/${secrets.TRACKSOLID_APP_KEY}`;
  return {
    name: `simulator, ${url}`,
    real: false,
    vars: { ...secrets, TRACKSOLID_API_URL: `${url}/route/rest`, TRACKSOLID_TARGETS: accounts },
    async pushTo(url, token) {
      // The path leads the way for what comes to no path of its own.
      const body = JSON.stringify({ url, token, tokenIn: "path", everyS: PUSH_EVERY_S });
      const response = await fetch(`${world}/pushes/follow`, { method: "POST", body });
      if (!response.ok) throw new Error(`The simulator does not push: ${await response.text()}`);
    },
  };
}
