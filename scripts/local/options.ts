import { parseArgs } from "node:util";

const HIGHEST_PORT = 65_535;

/** As long as nobody waits for a tick. */
const MOST_S = 86_400;

const options = {
  port: { type: "string", default: "8787" },
  "live-every-s": { type: "string" },
  folder: { type: "string" },
  fresh: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** How `npm start` was called. */
export interface StartOptions {
  port: number;
  liveEveryS: number | undefined;
  folder: string | undefined;
  fresh: boolean;
  yes: boolean;
  verbose: boolean;
  help: boolean;
  /** What stood behind `--`. */
  ofSimulator: string[];
}

/** @throws with what is not understood */
export function readStartOptions(args: string[]): StartOptions {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  const { values } = parseArgs({ args: own, options });
  const { "live-every-s": liveEveryS, ...rest } = values;
  return {
    ...rest,
    folder: values.folder,
    port: readWhole("--port", values.port, 0, HIGHEST_PORT),
    liveEveryS: liveEveryS === undefined ? undefined : readWhole("--live-every-s", liveEveryS, 1, MOST_S),
    ofSimulator: end === -1 ? [] : args.slice(end + 1),
  };
}

function readWhole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${name} is a whole number from ${least} to ${most}, not "${text}".`);
}
