import { join, resolve } from "node:path";
import { compile } from "json-schema-to-typescript";
import { createTestHarness } from "wrangler";

/** Where the types of the answers are kept, beside the client that gives them. */
export const ANSWERS_FILE = join(resolve(import.meta.dirname, "../.."), "web", "client", "answers.d.ts");

const BANNER =
  "// Generated from the schemas of /openapi.json by `npm run client:types`; a test compares the two.\n";

/** What is read of `/openapi.json`. */
export interface SchemaDocument {
  components: { schemas: Record<string, object> };
}

/** TypeScript for every schema that an OpenAPI 3.1 document names. Its schemas are JSON Schema already. */
export async function answerTypes(document: SchemaDocument): Promise<string> {
  const text = JSON.stringify(document.components.schemas);
  const schemas: Record<string, object> = JSON.parse(
    text.replaceAll("#/components/schemas/", "#/definitions/"),
    tupleOfOldDrafts,
  );
  const names = Object.keys(schemas);
  const all = {
    description: "Every schema by its name.",
    type: "object" as const,
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/${name}` }])),
    definitions: Object.fromEntries(names.map((name) => [name, { ...schemas[name], title: name }])),
  };
  return compile(all, "Answers", { additionalProperties: false, bannerComment: BANNER });
}

/** The compiler knows a tuple by `items` alone, as JSON Schema wrote it before 2020. */
function tupleOfOldDrafts(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("prefixItems" in value)) return value;
  const { prefixItems, ...rest } = value;
  const count = Array.isArray(prefixItems) ? prefixItems.length : 0;
  return { ...rest, items: prefixItems, minItems: count, maxItems: count };
}

/** The document that the Worker of this tree serves. Starts it, without a database: the route needs none. */
export async function readDocument(): Promise<SchemaDocument> {
  for (const binding of ["DB_INGEST", "DB_READ", "DB_ANALYST"]) {
    process.env[`CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_${binding}`] ??=
      "postgres://nobody:nothing@127.0.0.1:1/none";
  }
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";
  const server = createTestHarness({ workers: [{ configPath: "./wrangler.toml" }] });
  try {
    await server.listen();
    const response = await server.fetch("/openapi.json");
    if (!response.ok) throw new Error(`/openapi.json answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as SchemaDocument;
  } finally {
    await server.close();
  }
}
