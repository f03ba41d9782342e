/** Kinds of values that can stand for each other. */
type Group = "text" | "number" | "time" | "time without zone" | "boolean" | "json";

const GROUPS: Record<string, Group> = {
  text: "text",
  "character varying": "text",
  character: "text",
  smallint: "number",
  int2: "number",
  integer: "number",
  int4: "number",
  bigint: "number",
  int8: "number",
  real: "number",
  float4: "number",
  "double precision": "number",
  float8: "number",
  numeric: "number",
  "timestamp with time zone": "time",
  timestamptz: "time",
  "timestamp without time zone": "time without zone",
  boolean: "boolean",
  bool: "boolean",
  json: "json",
  jsonb: "json",
};

/** The kind of a type, also of one with a length; a type that is not known is its own kind. */
export function groupOf(type: string): string {
  const plain = type.replace(/\([^)]*\)/, "").trim();
  return GROUPS[plain] ?? plain;
}

/** Whether our statements may use a column of that type as if it were of ours. */
export const isAlike = (ours: string, theirs: string): boolean => groupOf(ours) === groupOf(theirs);

/** How a value of one type becomes one of another; null where nobody can say. */
export function conversion(from: string, to: string, value: string): string | null {
  const [source, target] = [groupOf(from), groupOf(to)];
  if (source === target) return fitting(from, to, value);
  if (source.startsWith("time") && target.startsWith("time")) return `${value} at time zone 'UTC'`;
  if (source === "number" && target === "boolean") return `${value} <> 0`;
  if (source === "text" && target === "boolean")
    return `case when lower(btrim(${value})) in ('1', 'on', 'true', 't') then true when lower(btrim(${value})) in ('0', 'off', 'false', 'f') then false end`;
  if (source === "boolean" && target === "number") return `case when ${value} then 1 else 0 end`;
  if (source === "boolean" && target === "text") return `case when ${value} then '1' else '0' end`;
  if (source === "number" && target === "text") return `${value}::text`;
  return null;
}

/** What has no room in the other is cut, or left out: the column that it comes from has all of it. */
function fitting(from: string, to: string, value: string): string {
  const length = /^character varying\((\d+)\)/.exec(to)?.[1];
  if (length) return `left(${value}, ${length})`;
  const most = mostOf(to);
  return most === null || mostOf(from) === most
    ? value
    : `case when abs(${value}) <= ${most} then ${value} end`;
}

/** The largest number that a type holds; null where ours never come near. */
function mostOf(type: string): string | null {
  const [, precision, scale] = /^numeric\((\d+),(\d+)\)/.exec(type) ?? [];
  if (precision) return `${"9".repeat(Math.max(1, Number(precision) - Number(scale)))}`;
  if (type === "smallint" || type === "int2") return "32767";
  if (type === "integer" || type === "int4") return "2147483647";
  return null;
}
