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
  if (source === target) return target === "text" ? shortened(to, value) : value;
  if (source.startsWith("time") && target.startsWith("time")) return `${value} at time zone 'UTC'`;
  if (source === "number" && target === "boolean") return `${value} <> 0`;
  if (source === "text" && target === "boolean")
    return `case when lower(btrim(${value})) in ('1', 'on', 'true', 't') then true when lower(btrim(${value})) in ('0', 'off', 'false', 'f') then false end`;
  if (source === "boolean" && target === "number") return `case when ${value} then 1 else 0 end`;
  if (source === "boolean" && target === "text") return `case when ${value} then '1' else '0' end`;
  if (source === "number" && target === "text") return `${value}::text`;
  return null;
}

/** What has no room is cut: the column of ours has all of it. */
function shortened(to: string, value: string): string {
  const length = /\((\d+)\)/.exec(to)?.[1];
  return length ? `left(${value}, ${length})` : value;
}
