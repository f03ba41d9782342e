import { join, resolve } from "node:path";
import { compile } from "json-schema-to-typescript";

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
