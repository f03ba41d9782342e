/** Text as Postgres takes it and no longer than `most` characters: no NUL, no half of a surrogate pair. */
export function plain(text: string, most: number): string {
  return text.replaceAll("\0", "").slice(0, most).toWellFormed();
}

/** Text as Postgres takes it, nothing left out: where it had what Postgres does not hold stands U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}

/** What a text says as JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value as short JSON, for a person to recognise it. */
export function excerpt(value: unknown, most = 60): string {
  return plain(JSON.stringify(value) ?? "nothing", most);
}
