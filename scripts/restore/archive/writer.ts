import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Store } from "../../store/store.ts";

const root = resolve(import.meta.dirname, "../../..");

let isRegistered = false;

/** The Worker's own way from a message to rows. Its statements, which the build puts into it, are read as they are written. */
export async function loadWriter() {
  if (!isRegistered) {
    isRegistered = true;
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier.startsWith("#sql/")
          ? { url: pathToFileURL(join(root, specifier.slice("#sql/".length))).href, shortCircuit: true }
          : next(specifier, context),
      load: (url, context, next) =>
        url.endsWith(".sql")
          ? {
              format: "module",
              source: moduleOf(readFileSync(fileURLToPath(url), "utf8")),
              shortCircuit: true,
            }
          : next(url, context),
    });
  }
  const [{ understand }, { TooMuchRefused, writeBatch }] = await Promise.all([
    import("../../../workers/writer/understand.ts"),
    import("../../../workers/writer/write-batch.ts"),
  ]);
  return { understand, TooMuchRefused, writeBatch };
}

const moduleOf = (statement: string) => `export default ${JSON.stringify(statement)};`;

/** What the writer asks of the bucket: items that were too large for the queue. */
export function bucketOf(store: Store): Env {
  const get = async (key: string) => {
    const body = await store.get(key);
    return body && { json: async () => JSON.parse(Buffer.from(body).toString("utf8")) as unknown };
  };
  return { BUCKET: { get } } as unknown as Env;
}
