/** In quotes nothing is a comment, and every space counts. */
const QUOTED = [
  /(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'/,
  /'(?:[^']|'')*'/,
  /"(?:[^"]|"")*"/,
  /(?<![\w$])\$(?<tag>(?:[^\W\d]\w*)?)\$.*?\$\k<tag>\$/,
];

const BLOCK_COMMENT = /\/\*.*?\*\//;

/** A line comment ends where its line does. */
const SPACE = /(?:\s|--[^\n]*)+/;

const TOKEN = new RegExp([...QUOTED, BLOCK_COMMENT, SPACE].map(({ source }) => source).join("|"), "gs");

/**
 * A statement without its comments, indentation and empty lines; what stands in quotes stays as it is.
 *
 * @throws for a comment inside a comment: in SQL these nest
 */
export function withoutComments(sql: string): string {
  const shortened = sql.replace(TOKEN, (token) => {
    if (token.startsWith("/*")) {
      if (token.includes("/*", 2)) throw new Error(`A comment inside a comment: ${token.slice(0, 200)}`);
      return " ";
    }
    if (/^(\s|--)/.test(token)) return token.includes("\n") ? "\n" : " ";
    return token;
  });
  return shortened.trim();
}
