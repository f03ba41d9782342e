import { breakingSchema, type JsonSchema, type Schemas } from "./breaking-schema.ts";

/** An OpenAPI 3.1 document, as far as clients can be broken by it. */
export interface ApiDescription {
  info: { version: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Schemas };
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses?: Record<string, { content?: Content; headers?: Record<string, unknown> }>;
  security?: unknown[];
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: JsonSchema;
}

type Content = Record<string, { schema?: JsonSchema }>;

/**
 * What of a new document breaks a client that was written against the old one, a sentence each. A request must go on being
 * taken, and an answer must go on being what it was said to be: so requests may only widen and answers only narrow.
 *
 * npm has no sound comparison: openapi-diff refuses OpenAPI 3.1, api-smart-diff 1.0.6 finds nothing wrong with a property
 * gone from an answer or become null, openapi-changes downloads a program from elsewhere.
 */
export function breakingChanges(before: ApiDescription, after: ApiDescription): string[] {
  const changes: string[] = [];
  const compare = (direction: "request" | "answer", where: string, old?: JsonSchema, now?: JsonSchema) =>
    changes.push(
      ...breakingSchema(direction, where, old ?? {}, now ?? {}, {
        before: before.components?.schemas ?? {},
        after: after.components?.schemas ?? {},
      }),
    );

  const compareContent = (direction: "request" | "answer", where: string, old: Content, now: Content) => {
    for (const [type, { schema }] of Object.entries(old)) {
      if (now[type] === undefined) changes.push(`${where}: ${type} is gone`);
      else compare(direction, where, schema, now[type].schema);
    }
  };

  const compareParameters = (where: string, old: Parameter[], now: Parameter[]) => {
    const find = (list: Parameter[], wanted: Parameter) =>
      list.find((parameter) => parameter.name === wanted.name && parameter.in === wanted.in);
    for (const parameter of old) {
      const kept = find(now, parameter);
      const name = `${where}, ${parameter.in} parameter ${parameter.name}`;
      if (kept === undefined) changes.push(`${name}: is gone`);
      else compare("request", name, parameter.schema, kept.schema);
    }
    for (const parameter of now) {
      if (parameter.required && !find(old, parameter)?.required) {
        changes.push(`${where}, ${parameter.in} parameter ${parameter.name}: is now required`);
      }
    }
  };

  for (const [path, methods] of Object.entries(before.paths ?? {})) {
    for (const [method, old] of Object.entries(methods)) {
      const where = `${method.toUpperCase()} ${path}`;
      const now = after.paths?.[path]?.[method];
      if (now === undefined) {
        changes.push(`${where}: is gone`);
        continue;
      }
      if (!old.security?.length && now.security?.length) changes.push(`${where}: now needs a key`);
      compareParameters(where, old.parameters ?? [], now.parameters ?? []);
      if (now.requestBody?.required && !old.requestBody?.required) {
        changes.push(`${where}: a request body is now required`);
      }
      if (old.requestBody) {
        compareContent("request", `${where}, body`, old.requestBody.content, now.requestBody?.content ?? {});
      }
      for (const [status, answer] of Object.entries(old.responses ?? {})) {
        const kept = now.responses?.[status];
        if (kept === undefined) {
          changes.push(`${where}: the answer ${status} is gone`);
          continue;
        }
        for (const name of Object.keys(answer.headers ?? {})) {
          if (!(name in (kept.headers ?? {})))
            changes.push(`${where}, ${status}: the header ${name} is gone`);
        }
        compareContent("answer", `${where}, ${status}`, answer.content ?? {}, kept.content ?? {});
      }
    }
  }
  return changes;
}
