import { expect } from "vitest";
import { schemaCheck } from "../../setup/schema-check.ts";
import { ask } from "./caller.ts";

type Json = { [key: string]: Json } & { $ref?: string };

/** What `/openapi.json` says, as far as tests read it. */
export interface Document {
  openapi: string;
  info: { title: string; version: string };
  components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json> };
  paths: Record<string, Record<string, Operation>>;
}

export interface Operation {
  summary: string;
  security?: unknown[];
  requestBody?: object;
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[];
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
}

export async function readDocument(): Promise<Document> {
  const response = await ask("/openapi.json");
  expect(response.status).toBe(200);
  return response.json();
}

/** It is the same for all answers, and half a megabyte. */
let document: Promise<Document> | undefined;

/** Checks an answer against the schema that the document gives for its route and status. @returns Its body. */
export async function expectDocumented<Body>(
  route: string,
  response: Response,
  method = "get",
): Promise<Body> {
  document ??= readDocument();
  const { paths, components } = await document;
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = paths[route]?.[method]?.responses[response.status]?.content[type]?.schema;
  if (!schema) throw new Error(`${route} does not document ${response.status} ${type}`);
  const body = await response.json();
  expect(schemaCheck(components.schemas, schema).safeParse(body).error?.issues).toBeUndefined();
  return body as Body;
}
