import * as z from "zod";

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

const checks = new WeakMap<Media, z.ZodType>();

/** What is wrong with a body; undefined when nothing is. A property that is not documented is wrong too. */
export function complaintOf(document: ApiDocument, media: Media, body: unknown): string | undefined {
  let check = checks.get(media);
  if (check === undefined) {
    const $defs = Object.fromEntries(
      Object.entries(document.components.schemas).map(([name, schema]) => [name, closed(schema)]),
    );
    const text = JSON.stringify({ ...closed(media.schema ?? {}), $defs });
    check = z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
    checks.set(media, check);
  }
  const { error } = check.safeParse(body);
  return error && JSON.stringify(error.issues);
}

/** A schema that takes only what it names. */
function closed({ example, ...schema }: JsonSchema): JsonSchema {
  const { properties, items, prefixItems, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, closed(property)]),
      ),
      additionalProperties: schema.additionalProperties ?? false,
    }),
    ...(items && { items: closed(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(closed) }),
    ...(anyOf && { anyOf: anyOf.map(closed) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
  };
}
