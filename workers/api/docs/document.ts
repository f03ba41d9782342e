import type { ApiDocument } from "../openapi.ts";

export type Schema = NonNullable<NonNullable<ApiDocument["components"]>["schemas"]>[string];

/** An operation as the page reads it: our documents write everything out in place but schemas and examples. */
export interface Operation {
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Answer>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema & { default?: unknown; example?: unknown };
}

export interface Answer {
  description: string;
  content?: Content;
}

type Content = Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, unknown> }>;

/** An operation with its place. */
export interface Place {
  method: string;
  path: string;
  operation: Operation;
}

const METHODS = ["get", "put", "post", "patch", "delete"] as const;

/** Every operation of the document, in its order. */
export function operationsOf({ paths = {} }: ApiDocument): Place[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method] as Operation | undefined;
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
}

/** The schema's name where it is a reference to one. */
export function nameOf(schema: Schema): string | undefined {
  return "$ref" in schema ? schema.$ref?.split("/").at(-1) : undefined;
}
