import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** A call of wrangler that failed, with what it said. */
export class WranglerFailed extends Error {
  override name = "WranglerFailed";
  /** Its words, without the secrets in them. */
  readonly output: string;

  constructor(words: string[], output: string) {
    super(`wrangler ${words.join(" ")} failed.\n${output}`);
    this.output = output;
  }
}

interface Extras {
  /** Parts of its words that nobody may see: they are hidden in whatever is told of the call. */
  secrets?: string[];
  /** More of its environment. */
  environment?: Record<string, string>;
}

const HIDDEN = "***";

/** Colours and underlines. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** As it may be shown. */
export const hide = (text: string, secrets: string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);

/**
 * Calls the wrangler of a tree, asking nobody.
 * @returns what it prints
 * @throws WranglerFailed where it ends with anything but 0
 */
export async function wrangler(
  root: string,
  words: string[],
  { secrets = [], environment = {} }: Extras = {},
): Promise<string> {
  const script = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...words], {
      cwd: root,
      env: {
        ...process.env,
        ...{ WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CI: "1", NO_COLOR: "1" },
        ...environment,
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}\n${stderr}`.replace(ESCAPES, "").trim() || "It said nothing.";
    throw new WranglerFailed(
      words.map((word) => hide(word, secrets)),
      hide(said, secrets),
    );
  }
}
