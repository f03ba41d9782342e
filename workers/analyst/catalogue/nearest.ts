/** Pairs of letters that follow each other. */
function pairsOf(text: string): Set<string> {
  const letters = text.toLowerCase();
  return new Set(Array.from({ length: Math.max(letters.length - 1, 0) }, (_, i) => letters.slice(i, i + 2)));
}

/** The names that have most pairs of letters in common with a text, the nearest first; at most so many, none without any. */
export function nearest(text: string, names: readonly string[], most: number): string[] {
  const wanted = pairsOf(text);
  return names
    .map((name) => {
      const pairs = pairsOf(name);
      const shared = [...pairs].filter((pair) => wanted.has(pair)).length;
      return { name, likeness: (2 * shared) / (wanted.size + pairs.size || 1) };
    })
    .filter(({ likeness }) => likeness > 0)
    .sort((one, other) => other.likeness - one.likeness || one.name.localeCompare(other.name))
    .slice(0, most)
    .map(({ name }) => name);
}
