import type { Column, Shape } from "./describe.ts";
import type { Entry } from "./entry.ts";
import { type CatalogueObject, grainOf, nameOf } from "./objects.ts";
import type { Term } from "./terms.ts";
import { unitOf } from "./unit.ts";

/** A cell of a table: no line may end in it, and no bar stand in it. */
const cell = (text: string | null): string => (text ?? "").replaceAll("|", "\\|").replace(/\s+/g, " ");

const columnLine = ({ name, type, unit, nullable, comment }: Column): string =>
  `| \`${name}\` | ${cell(type)} | ${unit ?? ""} | ${nullable ? "" : "never"} | ${cell(comment)} |`;

/** The unit of a column of an answer, which has no comment. */
const answerColumn = (name: string): string => {
  const unit = unitOf(name, null);
  return unit === null ? `\`${name}\`` : `\`${name}\` (${unit})`;
};

/** First sentence of a comment. */
const first = (comment: string | null): string => /^.*?\.(?=\s|$)/.exec(comment ?? "")?.[0] ?? comment ?? "";

/** How a function is read. */
const callOf = (object: CatalogueObject, named: string): string =>
  `\`select … from ${nameOf(object)}(${named})\`${/\bas_of\b/.test(named) ? "; `as_of` is now() unless asked otherwise" : ""}`;

/** All of an object on a page. */
export function objectPage(object: CatalogueObject, shape: Shape, entry: Entry | undefined): string {
  const grain = grainOf(object);
  const lines = [
    `# ${nameOf(object)} (${object.kind})`,
    "",
    object.comment ?? "Nobody has said what it is.",
    "",
    ...(grain === null ? [] : [`- Grain: ${grain}.`]),
    ...(shape.arguments === null ? [] : [`- Call: ${callOf(object, shape.arguments)}.`]),
    ...(object.rowEstimate === null ? [] : [`- About ${object.rowEstimate} rows.`]),
    ...shape.keys.map((key) => `- Key: ${key}.`),
    ...shape.indexes.map((index) => `- Index: ${index}.`),
    ...(entry && entry.caveats.length > 0
      ? ["", "## Caveats", "", ...entry.caveats.map((text) => `- ${text}`)]
      : []),
    "",
    "## Columns",
    "",
    "| column | type | unit | null | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...shape.columns.map(columnLine),
  ];
  for (const { question, sql, columns } of entry?.questions ?? []) {
    lines.push(
      "",
      `## ${question}`,
      "",
      "```sql",
      sql,
      "```",
      "",
      `Columns: ${columns.map(answerColumn).join(", ")}.`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A line for each object, by schema. */
export function indexPage(objects: readonly CatalogueObject[]): string {
  const lines = [
    "# What there is to read",
    "",
    "Times are UTC, days those of the fleet's zone (`reporting.v_fleet.zone`). Null is unknown, never zero. Units are at the end of names. " +
      "Begin in `reporting`. `catalogue://terms` defines the words, `catalogue://{schema}/{name}` explains one of these, `vocabulary://fleet` has the values.",
  ];
  for (const schema of new Set(objects.map((object) => object.schema))) {
    const here = objects.filter((object) => object.schema === schema);
    lines.push("", `## ${schema}`, "", here[0]?.schemaComment ?? "", "");
    for (const object of here) {
      const grain = grainOf(object);
      lines.push(
        `- \`${object.name}\` (${object.kind}${grain === null ? "" : `, a row per ${grain}`}): ${first(object.comment)}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The glossary on a page. */
export function termsPage(terms: readonly Term[]): string {
  const lines = ["# Terms", "", "What words mean here, and the columns that have it."];
  for (const { term, also, meaning, columns } of terms) {
    lines.push(
      ...["", `## ${term}`, "", meaning, ""],
      `Also: ${also.join(", ")}.`,
      `In: ${columns.map((column) => `\`${column}\``).join(", ")}.`,
    );
  }
  return `${lines.join("\n")}\n`;
}
