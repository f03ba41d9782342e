import type postgres from "postgres";

/** Who reads each, in the order in which a reader needs them. */
const READERS = {
  reporting: "What reports, maps and analysts read.",
  tracksolid: "Facts as the vendor and the company tell them; views whose names the earlier system had.",
  tickets: "Another product's where it was there before; ours otherwise.",
  fuel: "The same.",
  private: "For operators and the writer alone.",
};

/** Those that are ours, or may be. */
export const SCHEMAS = Object.keys(READERS);

interface Relation {
  schema: string;
  name: string;
  kind: "table" | "view";
  comment: string;
  columns: { name: string; type: string; comment: string }[];
}

interface StoredFunction {
  schema: string;
  signature: string;
  result: string;
  comment: string;
}

/**
 * Every table, view, column and function with its meaning, as Markdown: read from the catalogs and the comments, in a fixed order.
 * What an extension brings is left out.
 */
export async function describeData(sql: postgres.Sql): Promise<string> {
  const [relations, functions] = await Promise.all([readRelations(sql), readFunctions(sql)]);
  const sections = Object.entries(READERS).map(([schema, readers]) =>
    [
      `## ${schema}\n\n${readers}`,
      ...relations.filter((relation) => relation.schema === schema).map(describeRelation),
      ...describeFunctions(functions.filter((one) => one.schema === schema)),
    ].join("\n\n"),
  );
  return [
    "# Data dictionary",
    "Written by `npm run db:snapshot` from the database's comments; a test compares it. Times are UTC, days are those of the fleet's zone;\nunits are at the end of names. What the figures mean, and how they are made: [reporting.md](reporting.md). Who may read what:\n[roles.md](roles.md).",
    ...sections,
  ]
    .join("\n\n")
    .concat("\n");
}

const describeRelation = ({ schema, name, kind, comment, columns }: Relation): string =>
  [
    `### ${schema}.${name}\n`,
    `${kind === "view" ? "View. " : ""}${comment}\n`,
    "| column | type | meaning |",
    "| --- | --- | --- |",
    ...columns.map((column) => `| \`${column.name}\` | ${column.type} | ${cell(column.comment)} |`),
  ].join("\n");

const describeFunctions = (functions: StoredFunction[]): string[] =>
  functions.length === 0
    ? []
    : [
        [
          `### Functions of ${functions[0]?.schema}\n`,
          "| function | gives | meaning |",
          "| --- | --- | --- |",
          ...functions.map(
            ({ signature, result, comment }) =>
              `| \`${cell(signature)}\` | ${cell(result.replace(/^SETOF /, "rows of "))} | ${cell(comment)} |`,
          ),
        ].join("\n"),
      ];

/** A text in a table of Markdown. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const readRelations = (sql: postgres.Sql): Promise<Relation[]> => sql<Relation[]>`
  select n.nspname as schema, c.relname as name, case c.relkind when 'v' then 'view' else 'table' end as kind,
    coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
    (
      select json_agg(json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'comment', coalesce(col_description(c.oid, a.attnum), '')
      ) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any(${SCHEMAS}) and c.relkind in ('r', 'p', 'v')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  order by 1, 2`;

const readFunctions = (sql: postgres.Sql): Promise<StoredFunction[]> => sql<StoredFunction[]>`
  select n.nspname as schema, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature,
    case when p.proretset and p.prorettype = 'record'::regtype then 'rows' else coalesce(pg_get_function_result(p.oid), '') end as result,
    coalesce(obj_description(p.oid, 'pg_proc'), '') as comment
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any(${SCHEMAS}) and p.prorettype <> 'trigger'::regtype
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1, 2`;
