import { schemaCheck } from "../../setup/schema-check.ts";

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  example?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  example?: unknown;
  schema: JsonSchema;
}

interface Media {
  schema?: JsonSchema;
  example?: unknown;
  examples?: Record<string, { $ref?: string; value?: unknown }>;
}

export interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
  security?: unknown[];
}

/** `/openapi.json`, as far as the tests read it. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; examples: Record<string, { value: unknown }> };
}

/** An operation with its place. */
export interface Place {
  name: string;
  method: string;
  path: string;
  operation: Operation;
}

/** Every operation of a document. */
export function operationsOf({ paths }: ApiDocument): Place[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([key, operation]) => {
      const method = key.toUpperCase();
      return { name: `${method} ${path}`, method, path, operation };
    }),
  );
}

/** Examples of a body: those beside it, and that of the schema it names. */
export function examplesOf({ components }: ApiDocument, media: Media): unknown[] {
  const beside = Object.values(media.examples ?? {}).map(({ $ref, value }) =>
    $ref ? components.examples[$ref.split("/").at(-1) ?? ""]?.value : value,
  );
  const named = media.schema?.$ref
    ? components.schemas[media.schema.$ref.split("/").at(-1) ?? ""]
    : undefined;
  return [media.example, ...beside, media.schema?.example, named?.example].filter(
    (example) => example !== undefined,
  );
}

const strict = new WeakMap<ApiDocument, Record<string, JsonSchema>>();

/** What is wrong with a body; undefined when nothing is. A property that is not documented is wrong too. */
export function complaintOf(document: ApiDocument, media: Media, body: unknown): string | undefined {
  const schemas = strict.get(document) ?? closedAll(document.components.schemas);
  strict.set(document, schemas);
  const { error } = schemaCheck(schemas, closed(media.schema ?? {})).safeParse(body);
  return error && JSON.stringify(error.issues);
}

const closedAll = (schemas: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]));

/** A schema that takes only what it names. */
function closed({ example, ...schema }: JsonSchema): JsonSchema {
  const { properties, items, prefixItems, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: closedAll(properties),
      additionalProperties: schema.additionalProperties ?? false,
    }),
    ...(items && { items: closed(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(closed) }),
    ...(anyOf && { anyOf: anyOf.map(closed) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
  };
}
