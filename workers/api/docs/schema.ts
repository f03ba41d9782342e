import { html } from "hono/html";
import { nameOf, type Schema } from "./document.ts";
import { prose, schemaAnchor } from "./prose.ts";

type Html = ReturnType<typeof html>;

/** A schema in words, in one line: `string or null`, `list of LiveProperties`. */
export function typeInWords(schema: Schema): Html {
  const name = nameOf(schema);
  if (name !== undefined) return html`<a href="#${schemaAnchor(name)}">${name}</a>`;
  if ("$ref" in schema) return html`anything`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return html`${choices.map((choice, at) => html`${at ? " or " : ""}${typeInWords(choice)}`)}`;
  if (schema.allOf) return html`${schema.allOf.map(typeInWords)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) return html`${valuesInWords(schema.enum)}`;
  const types = [schema.type ?? "anything"].flat();
  return html`${types.map((type, at) => html`${at ? " or " : ""}${oneType(type, schema)}`)}`;
}

const valuesInWords = (values: readonly unknown[]) =>
  values.map((value, at) => html`${at ? ", " : ""}<code>${value === null ? "null" : String(value)}</code>`);

function oneType(type: string, schema: Exclude<Schema, { $ref: string }>): Html {
  if (type === "array") {
    if (schema.prefixItems) {
      return html`[${schema.prefixItems.map((item, at) => html`${at ? ", " : ""}${typeInWords(item)}`)}]`;
    }
    return html`list of ${schema.items ? typeInWords(schema.items) : "anything"}`;
  }
  if (type === "string") return html`${schema.format ?? "string"}`;
  const { minimum, maximum } = schema;
  const range = minimum !== undefined && maximum !== undefined ? ` ${minimum}–${maximum}` : "";
  return html`${type}${range}`;
}

/** Every property of a schema that has any, those of objects inside it under their path. */
export function propertyTable(schema: Schema): Html {
  const rows = propertyRows(schema, "");
  if (rows.length === 0) return html`<p>${typeInWords(schema)}</p>`;
  return html`<div class="scroll"><table>
<thead><tr><th>Property</th><th>Type</th><th>Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function propertyRows(schema: Schema, before: string): Html[] {
  if (nameOf(schema) !== undefined || "$ref" in schema) return [];
  if (schema.items) return propertyRows(schema.items, `${before.replace(/\.$/, "")}[].`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const required = schema.required?.includes(name);
    const row = html`<tr><td><code>${before}${name}</code>${required ? "" : html` <small>optional</small>`}</td>
<td>${typeInWords(property)}</td><td>${prose(property.description)}</td></tr>`;
    return [row, ...propertyRows(property, `${before}${name}.`)];
  });
}
