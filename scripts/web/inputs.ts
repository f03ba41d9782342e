import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the console is made of. The last one names the version of every library. */
const INPUTS = ["web/**/*.*", "web/_headers", "scripts/web.ts", "scripts/web/*.ts", "tsconfig.web.json"];
const LIBRARIES = "node_modules/.package-lock.json";

/** A digest of everything that goes into the console, which is the same as long as that is the same. */
export async function digestInputs(root: string): Promise<string> {
  const names = [...globSync(INPUTS, { cwd: root }).sort(), LIBRARIES];
  const digest = createHash("sha256");
  const contents = await Promise.all(names.map((name) => readFile(join(root, name)).catch(() => null)));
  names.forEach((name, at) => {
    // A folder with a dot in its name, or a file that went meanwhile.
    const content = contents[at];
    if (content) digest.update(`${name}\0${content.byteLength}\0`).update(content);
  });
  return digest.digest("hex");
}
