/** The columns that a file may have. */
export interface Vocabulary {
  columns: string[];
  /** Other names of columns, which count where a file has not the column's own. */
  synonyms: Record<string, string>;
}

/** A name of a column, as it is compared: `Opened At`, `opened-at` and `openedAt` are `opened_at`. */
export const plainName = (name: string): string =>
  name
    .normalize("NFKC")
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, "_")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_|_$/g, "");

/** The columns that names stand for. A name that nobody knows stands for itself. */
export function columnsOf(names: string[], { columns, synonyms }: Vocabulary): string[] {
  const plain = names.map(plainName);
  const meant = plain.map((name) => (Object.hasOwn(synonyms, name) ? synonyms[name] : undefined));
  return plain.map((name, index) => {
    const column = meant[index];
    if (columns.includes(name) || column === undefined) return name;
    // Of two that may mean the same, nobody knows which does.
    const isClear = !plain.includes(column) && meant.filter((other) => other === column).length === 1;
    return isClear ? column : name;
  });
}

/** How many of the names are those of columns. */
export function knownAmong(names: string[], vocabulary: Vocabulary): number {
  const columns = columnsOf(names, vocabulary);
  return vocabulary.columns.filter((column) => columns.includes(column)).length;
}

/** The first name that is there twice. */
export const twiceIn = (columns: string[]): string | undefined =>
  columns.find((column, index) => columns.indexOf(column) !== index);
