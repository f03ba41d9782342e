import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Loaded before a command: says at its end what it needed, KiB. */
const SAYS_PEAK = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(2, "peak " + process.resourceUsage().maxRSS));',
)}`;

/** The most memory that a command has while it runs, in a process of its own, MB. */
export async function peakMb(script: string, words: string[], url = ""): Promise<number> {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", SAYS_PEAK, script, ...words], {
    env: { ...process.env, DATABASE_URL: url },
  });
  const kib = /peak (\d+)/.exec(stderr)?.[1];
  if (kib === undefined) throw new Error(`${script} did not say what it needed: ${stderr}`);
  return (Number(kib) * 1024) / 1e6;
}
