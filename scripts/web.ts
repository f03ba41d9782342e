import { join, resolve } from "node:path";
import { isBuilt, noteBuilt } from "./web/built.ts";
import { digestInputs } from "./web/inputs.ts";
import { pack } from "./web/pack.ts";
import { put } from "./web/put.ts";

/** Somebody who saves file after file while it is built: after so many times, the next build has the rest. */
const MOST_TIMES = 5;

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "dist", "web");

/**
 * Builds the console: web/ to dist/web, which the Worker serves. wrangler runs it before it bundles (wrangler.toml), so
 * it is quick where nothing has changed, and several may run at a time: whatever reads a file finds it whole, and a page
 * never names one that is not there yet.
 */
for (let times = 0; times < MOST_TIMES; times++) {
  const inputs = await digestInputs(root);
  if (await isBuilt(folder, inputs)) break;
  // esbuild takes longer to load than all of this when nothing has changed.
  const { makeFiles } = await import("./web/make-files.ts");
  const files = await makeFiles(root).catch((error: Error) => {
    // Those of esbuild are shown, each with its place.
    console.error(`The console was not built${"errors" in error ? "" : `: ${error.message}`}.`);
    process.exit(1);
  });
  // What is of a state of yesterday must not replace what another has built of today's.
  if ((await digestInputs(root)) !== inputs) continue;
  const all = await pack(folder, files);
  await put(folder, all);
  await noteBuilt(folder, inputs, all);
}
