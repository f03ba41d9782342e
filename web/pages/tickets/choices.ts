/** A value that tickets have, and how many have it; null: have none. */
export interface Choice {
  value: string | null;
  count: number;
}

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The values there are, by name; capitals do not matter. None comes last. */
export function distinct(values: readonly (string | null)[]): Choice[] {
  const counted = new Map<string, Choice>();
  for (const value of values) {
    const word = value?.trim() || null;
    const key = word?.toLowerCase() ?? "";
    const known = counted.get(key);
    if (known) known.count += 1;
    else counted.set(key, { value: word, count: 1 });
  }
  return [...counted.values()].sort(
    (a, b) =>
      Number(a.value === null) - Number(b.value === null) || names.compare(a.value ?? "", b.value ?? ""),
  );
}
