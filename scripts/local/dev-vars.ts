import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** What `.dev.vars` says; nothing where it is not there. */
export function readDevVars(root: string): Record<string, string> {
  const file = join(root, ".dev.vars");
  return existsSync(file) ? (parseEnv(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

/** Who is told what is wrong. Of what is no required secret the Worker reads nothing there itself. */
export const alertVars = (values: Record<string, string>): Record<string, string> =>
  chosen(values, ["ALERT_TARGETS", "ALERT_SECRET"]);

/** What the map lies on. */
export const mapVars = (values: Record<string, string>): Record<string, string> =>
  chosen(values, ["MAP_STYLE_URL", "MAP_TILES", "MAP_ORIGINS"]);

const chosen = (values: Record<string, string>, names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
