import { html } from "hono/html";

/** A description: what stands between backticks is code, everything is escaped. */
export const prose = (text: string | undefined) =>
  (text ?? "").split("`").map((part, at) => (at % 2 === 0 ? part : html`<code>${part}</code>`));

/** Where an operation stands on the page. */
export const operationAnchor = (method: string, path: string) =>
  `${method} ${path}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");

/** Where a schema stands on the page; codes of problems have their own name as anchor. */
export const schemaAnchor = (name: string) => `schema-${name}`;

/** A value as the page shows it. */
export const pretty = (value: unknown) =>
  typeof value === "string" ? value : JSON.stringify(value, null, 2);
