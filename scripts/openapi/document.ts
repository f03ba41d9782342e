import { resolve } from "node:path";
import { createTestHarness } from "wrangler";

const root = resolve(import.meta.dirname, "../..");

/**
 * What the Worker of this tree serves at `/openapi.json`. It alone has every route: SQL and platform modules keep Node from loading
 * the code.
 */
export async function readDocument(): Promise<unknown> {
  // The document needs no database; the Worker wants to be told of one.
  for (const binding of ["DB_INGEST", "DB_READ", "DB_ANALYST"]) {
    process.env[`CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_${binding}`] ??=
      "postgres://nobody:nothing@127.0.0.1:1/none";
  }
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  // What it says of itself it says on the standard output.
  process.env.WRANGLER_LOG ??= "error";
  const server = createTestHarness({ workers: [{ configPath: resolve(root, "wrangler.toml") }] });
  try {
    await server.listen();
    const response = await server.fetch("/openapi.json");
    if (!response.ok) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
    return await response.json();
  } finally {
    await server.close();
  }
}
