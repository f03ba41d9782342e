import { join } from "node:path";
import type { Processes } from "./processes.ts";

/** Where the local Worker looks addresses up. */
export interface LocalGeocoder {
  /** For the screen. */
  name: string;
  /** What the Worker is told. */
  vars: Record<string, string>;
}

/**
 * Beside the real API: what `.dev.vars` says. The public Nominatim is asked only where an e-mail address stands there;
 * with nothing there, nobody is asked.
 */
export function realGeocoder({ GEOCODER_URL, GEOCODER_EMAIL }: Record<string, string>): LocalGeocoder {
  if (GEOCODER_URL) {
    return { name: GEOCODER_URL, vars: { GEOCODER_URL, GEOCODER_EMAIL: GEOCODER_EMAIL ?? "" } };
  }
  return GEOCODER_EMAIL
    ? { name: "the Nominatim of wrangler.toml", vars: { GEOCODER_EMAIL } }
    : { name: "not looked up: .dev.vars has no GEOCODER_EMAIL", vars: { GEOCODER_URL: "" } };
}

/** Beside the simulator: starts the stand-in as a program of its own, and returns how to reach it. */
export async function startGeocoder(root: string, processes: Processes): Promise<LocalGeocoder> {
  const url = await processes.startUntil(
    "The stand-in for addresses",
    [join(root, "test", "nominatim", "main.ts"), "--port", "0"],
    root,
    (output) => /http:\S+/.exec(output)?.[0] ?? null,
  );
  return { name: `stand-in, ${url}`, vars: { GEOCODER_URL: url } };
}
