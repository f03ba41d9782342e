import { join } from "node:path";
import { readEnvironment } from "../cloudflare/environment.ts";
import type { Namespace } from "./namespace.ts";

/** Where `wrangler dev --persist-to` keeps what it keeps. */
const VERSION = "v3";

/** The namespace of the local stack, whether it runs or not; as `wrangler kv` opens it, without the second that each of its calls takes. */
export function localNamespace(root: string, persistTo: string): Namespace {
  const open = async <Result>(work: (keys: KVNamespace) => Promise<Result>): Promise<Result> => {
    const [{ convertV4MiniflareOptions, Miniflare }, { namespaces }] = await Promise.all([
      import("miniflare"),
      readEnvironment(root, ""),
    ]);
    const id = namespaces.find(({ binding }) => binding === "KEYS")?.id ?? "";
    const runtime = new Miniflare(
      convertV4MiniflareOptions({
        script:
          'addEventListener("fetch", (event) => event.respondWith(new Response(null, { status: 404 })))',
        resourcePersistencePath: join(persistTo, VERSION),
        kvNamespaces: { KEYS: id },
      }),
    );
    try {
      return await work((await runtime.getKVNamespace("KEYS")) as unknown as KVNamespace);
    } finally {
      await runtime.dispose();
    }
  };
  return {
    put: ({ name, value, metadata }) => open((keys) => keys.put(name, value, { metadata })),
    list: (prefix) =>
      open(async (keys) => {
        const entries: { name: string; metadata: unknown }[] = [];
        for (let cursor: string | null = null, isDone = false; !isDone; ) {
          const page: KVNamespaceListResult<unknown> = await keys.list({ prefix, cursor });
          entries.push(...page.keys.map(({ name, metadata }) => ({ name, metadata })));
          isDone = page.list_complete;
          cursor = page.list_complete ? null : page.cursor;
        }
        return entries;
      }),
    delete: (name) => open((keys) => keys.delete(name)),
  };
}
