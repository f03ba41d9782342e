import * as z from "zod";

const made = new WeakMap<object, Map<string, z.ZodType>>();

/** What checks bodies against a schema of an OpenAPI document: hundreds of answers share the few schemas there are. */
export function schemaCheck(schemas: Record<string, object>, schema: object): z.ZodType {
  const checks = made.get(schemas) ?? new Map<string, z.ZodType>();
  made.set(schemas, checks);
  const text = JSON.stringify(schema);
  const known = checks.get(text);
  if (known !== undefined) return known;
  const whole = JSON.stringify({ ...schema, $defs: schemas });
  const check = z.fromJSONSchema(JSON.parse(whole.replaceAll("#/components/schemas/", "#/$defs/")));
  checks.set(text, check);
  return check;
}
