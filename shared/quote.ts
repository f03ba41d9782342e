/** A name as SQL, whatever is in it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A name with points in it, as those of schemas and of settings of extensions have. */
export const dotted = (name: string): string => name.split(".").map(identifier).join(".");

/** A text as SQL, whatever is in it and however the server reads backslashes. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return text.includes("\\") ? ` E${quoted}` : quoted;
}
