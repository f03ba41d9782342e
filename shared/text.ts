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

/** A span of time for a person, in the unit that fits it. */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.round(whole / 60)} min`;
  return whole < 172_800 ? `${Math.round(whole / 3_600)} h` : `${Math.round(whole / 86_400)} days`;
}
