import { describe, expect, it } from "vitest";
import checkedIn from "../../../docs/openapi.json" with { type: "json" };
import { type ApiDescription, breakingChanges } from "../../../scripts/openapi/breaking.ts";
import type { JsonSchema } from "../../../scripts/openapi/breaking-schema.ts";

/** An API of one operation. */
function api(change: {
  answer?: JsonSchema;
  parameters?: { name: string; in: string; required?: boolean; schema?: JsonSchema }[];
  body?: { schema: JsonSchema; required?: boolean };
  schemas?: Record<string, JsonSchema>;
}): ApiDescription {
  const { answer = { type: "string" }, parameters = [], body, schemas } = change;
  return {
    info: { version: "1.0.0" },
    paths: {
      "/v1/x": {
        get: {
          parameters,
          ...(body && {
            requestBody: {
              required: body.required ?? false,
              content: { "application/json": { schema: body.schema } },
            },
          }),
          responses: { 200: { content: { "application/json": { schema: answer } } } },
        },
      },
    },
    components: { schemas: schemas ?? {} },
  };
}

const answers = (before: JsonSchema, after: JsonSchema) =>
  breakingChanges(api({ answer: before }), api({ answer: after }));
const parameter = (schema: JsonSchema, required = false) =>
  api({ parameters: [{ name: "n", in: "query", required, schema }] });
const requests = (before: JsonSchema, after: JsonSchema) =>
  breakingChanges(parameter(before), parameter(after));

const object = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({
  type: "object",
  properties,
  required,
});
const text: JsonSchema = { type: "string" };
const textOrNull: JsonSchema = { type: ["string", "null"] };

describe("an answer", () => {
  it.each<[string, JsonSchema, JsonSchema, string]>([
    ["loses a property", object({ a: text, b: text }), object({ a: text }), "the property b is gone"],
    [
      "loses one deep inside",
      object({ a: object({ b: text }) }),
      object({ a: object({}) }),
      ".a: the property b",
    ],
    [
      "loses one in a list",
      { type: "array", items: object({ a: text }) },
      { type: "array", items: object({}) },
      "[]: the property a",
    ],
    ["may leave a property out", object({ a: text }), object({ a: text }, []), "a may now be missing"],
    [
      "may be null",
      object({ a: text }),
      object({ a: textOrNull }),
      '.a: was ["string"], is ["string","null"]',
    ],
    ["may be null by choice", text, { anyOf: [text, { type: "null" }] }, "was"],
    ["has another type", text, { type: "integer" }, 'was ["string"], is ["integer"]'],
    ["has a wider number", { type: "integer" }, { type: "number" }, "was"],
    [
      "is a value more",
      { type: "string", enum: ["a"] },
      { type: "string", enum: ["a", "b"] },
      'were ["a"], are ["a","b"]',
    ],
    ["is any value", { type: "string", enum: ["a"] }, text, "are anything"],
    ["is another constant", { const: "a" }, { const: "b" }, "the values"],
    ["has another format", { ...text, format: "date-time" }, { ...text, format: "date" }, "format was"],
    ["has no format any more", { ...text, format: "date-time" }, text, "format was"],
    ["may be greater", { type: "integer", maximum: 5 }, { type: "integer", maximum: 6 }, "maximum was 5"],
    ["may be any size", { type: "integer", minimum: 0 }, { type: "integer" }, "minimum was 0"],
    [
      "has other choices",
      { oneOf: [text, { type: "integer" }, object({})] },
      { oneOf: [text] },
      "oneOf has changed",
    ],
    [
      "has a longer tuple",
      { type: "array", prefixItems: [text] },
      { type: "array", prefixItems: [text, text] },
      "prefixItems has changed",
    ],
    [
      "has other values in a map",
      { additionalProperties: text },
      { additionalProperties: textOrNull },
      ".*: was",
    ],
  ])("breaks clients when it %s", (_, before, after, said) => {
    const changes = answers(before, after);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toContain("GET /v1/x, 200");
    expect(changes[0]).toContain(said);
  });

  it.each<[string, JsonSchema, JsonSchema]>([
    ["stays", object({ a: text }), object({ a: text })],
    ["gains a property", object({ a: text }), object({ a: text, b: text })],
    ["is never null any more", object({ a: textOrNull }), object({ a: text })],
    ["is always there", object({ a: text }, []), object({ a: text })],
    ["has a narrower number", { type: "number" }, { type: "integer" }],
    ["is a value less", { type: "string", enum: ["a", "b"] }, { type: "string", enum: ["a"] }],
    [
      "may grow as was said",
      { enum: ["a"], "x-extensible-enum": true },
      { enum: ["a", "b"], "x-extensible-enum": true },
    ],
    ["has closer limits", { type: "integer", maximum: 9 }, { type: "integer", minimum: 0, maximum: 5 }],
    [
      "is told in other words",
      { ...text, description: "a", example: "b" },
      { ...text, description: "c", title: "d" },
    ],
    ["says null in another way", { anyOf: [text, { type: "null" }] }, textOrNull],
  ])("breaks nobody when it %s", (_, before, after) => {
    expect(answers(before, after)).toEqual([]);
  });
});

describe("a request", () => {
  it.each<[string, JsonSchema, JsonSchema, string]>([
    ["a value less", { enum: ["a", "b"] }, { enum: ["a"] }, 'were ["a","b"], are ["a"]'],
    ["some values of any", text, { type: "string", enum: ["a"] }, "are"],
    ["another type", { type: "number" }, { type: "integer" }, "was"],
    ["shorter texts", { ...text, maxLength: 9 }, { ...text, maxLength: 8 }, "maxLength was 9, is 8"],
    ["limited numbers", { type: "integer" }, { type: "integer", minimum: 1 }, "minimum was anything, is 1"],
    ["another pattern", { ...text, pattern: "a" }, { ...text, pattern: "b" }, "pattern was"],
    ["another default", { ...text, default: "a" }, { ...text, default: "b" }, "the default was"],
  ])("breaks clients when it takes %s", (_, before, after, said) => {
    const changes = requests(before, after);
    expect(changes).toEqual([expect.stringContaining(said)]);
    expect(changes[0]).toContain("GET /v1/x, query parameter n");
  });

  it.each<[string, JsonSchema, JsonSchema]>([
    ["a value more", { enum: ["a"] }, { enum: ["a", "b"] }],
    ["any value", { type: "string", enum: ["a"] }, text],
    ["any number", { type: "integer" }, { type: "number" }],
    ["longer texts", { ...text, maxLength: 9 }, { ...text, maxLength: 10 }],
    ["any text", { ...text, pattern: "a", format: "uuid" }, text],
  ])("breaks nobody when it takes %s", (_, before, after) => {
    expect(requests(before, after)).toEqual([]);
  });

  it("breaks clients when a parameter is gone, moved, new and required, or now required", () => {
    expect(breakingChanges(parameter(text), api({}))).toEqual(["GET /v1/x, query parameter n: is gone"]);
    expect(breakingChanges(api({}), parameter(text, true))).toEqual([
      expect.stringContaining("is now required"),
    ]);
    expect(breakingChanges(parameter(text), parameter(text, true))).toEqual([
      expect.stringContaining("is now required"),
    ]);
    const moved = api({ parameters: [{ name: "n", in: "header", schema: text }] });
    expect(breakingChanges(parameter(text), moved)).toEqual([expect.stringContaining("is gone")]);
    expect(breakingChanges(api({}), parameter(text))).toEqual([]);
    expect(breakingChanges(parameter(text, true), parameter(text))).toEqual([]);
  });

  it("breaks clients when its body must have more, or must be there", () => {
    const body = (schema: JsonSchema, required = false) => api({ body: { schema, required } });
    const one = object({ a: text }, []);
    expect(breakingChanges(body(one), body(object({ a: text })))).toEqual([
      expect.stringContaining("a is now required"),
    ]);
    expect(breakingChanges(body(one), body(object({ a: text, b: text }, ["b"])))).toHaveLength(1);
    expect(breakingChanges(body(one), body({ ...one, additionalProperties: false }))).toEqual([
      expect.stringContaining("other properties are now refused"),
    ]);
    expect(breakingChanges(body(one), body(one, true))).toEqual([
      expect.stringContaining("body is now required"),
    ]);
    expect(breakingChanges(body(one), api({}))).toEqual([
      expect.stringContaining("application/json is gone"),
    ]);
    expect(breakingChanges(body(one), body(object({ a: text, b: text }, [])))).toEqual([]);
  });
});

describe("a schema with a name", () => {
  const named = (schema: JsonSchema) =>
    api({ answer: { $ref: "#/components/schemas/X" }, schemas: { X: schema } });

  it("is compared where it is used", () => {
    expect(breakingChanges(named(text), named(textOrNull))).toHaveLength(1);
    expect(breakingChanges(named(text), named(text))).toEqual([]);
  });

  it("may get or lose its name", () => {
    expect(breakingChanges(named(object({ a: text })), api({ answer: object({ a: text }) }))).toEqual([]);
    expect(breakingChanges(api({ answer: text }), named(text))).toEqual([]);
  });

  it("may hold itself", () => {
    const tree = (leaf: JsonSchema) =>
      object({ leaf, branches: { type: "array", items: { $ref: "#/components/schemas/X" } } });
    expect(breakingChanges(named(tree(text)), named(tree(text)))).toEqual([]);
    expect(breakingChanges(named(tree(text)), named(tree(textOrNull)))).toHaveLength(1);
  });
});

describe("the document of this API", () => {
  const changed = (change: (document: typeof checkedIn) => void) => {
    const after = structuredClone(checkedIn);
    change(after);
    return breakingChanges(checkedIn as unknown as ApiDescription, after as unknown as ApiDescription);
  };

  it("does not break its own clients", () => {
    expect(changed(() => {})).toEqual([]);
  });

  it.each<[string, (document: typeof checkedIn) => void, string]>([
    ["a path", ({ paths }) => delete (paths as Partial<typeof paths>)["/v1/live"], "GET /v1/live: is gone"],
    [
      "an answer",
      ({ paths }) => delete (paths["/v1/vehicles/{imei}"].get.responses as { 404?: unknown })[404],
      "GET /v1/vehicles/{imei}: the answer 404 is gone",
    ],
    [
      "a header",
      ({ paths }) => delete (paths["/health"].get.responses[200] as { headers?: unknown }).headers,
      "GET /health, 200: the header X-Request-Id is gone",
    ],
    [
      "a property",
      ({ components }) => delete (components.schemas.LiveProperties.properties as { plate?: unknown }).plate,
      "GET /v1/live, 200.features[].properties: the property plate is gone",
    ],
    [
      "openness",
      ({ paths }) => Object.assign(paths["/health"].get, { security: [{ key: [] }] }),
      "GET /health: now needs a key",
    ],
  ])("notices the loss of %s", (_, change, said) => {
    expect(changed(change)).toEqual([said]);
  });

  it("may have a new code of a problem", () => {
    expect(
      changed(({ components }) => components.schemas.Problem.properties.code.enum.push("teapot")),
    ).toEqual([]);
  });
});
