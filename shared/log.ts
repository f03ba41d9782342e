/** What a log line may hold. Flat, so that Workers Logs indexes every field. */
type LogFields = Record<string, string | number | boolean | null | undefined>;

/** What must never be read in a log, wherever it stands in a text. */
const SECRETS = [
  // Everything between scheme and the last @ before the next URL: a password may hold any character.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/)(?:(?!\s[a-z][a-z0-9+.-]*:\/\/)[^\n"'`])*@(?=[\w.[-]+)/gi,
  // API keys, and tokens of analysts.
  /\b(?:[ps]k|an)_[A-Za-z0-9_-]{8,}/g,
  // The vendor's tokens, signatures and password digests are 32 hexadecimal digits; no id of ours is.
  /[0-9a-f]{32,}/gi,
  // Query strings: keys and tickets travel there.
  /(?<=\?)[^\s"'`<>?=]+=[^\s"'`<>]*/g,
  // A ticket that was taken out of one.
  /(?<=ticket["']?\s{0,3}(?:[=:]|%3D)\s{0,3}["']?)[^\s"'&,;}]{8,}/gi,
];

/** What each of them has in it. Most texts have none of these: one look for all is cheaper than five. */
const SUSPICIOUS = /[@?]|[ps]k_|an_|[0-9a-f]{32}|ticket/i;

/** No message is longer; the patterns would take their time over one that is. */
const MAX_LENGTH = 10_000;

/** Removes connection credentials, API keys, vendor tokens and query strings from a text. */
export function redact(text: string): string {
  const read = text.slice(0, MAX_LENGTH);
  return SUSPICIOUS.test(read)
    ? SECRETS.reduce((cleaned, secret) => cleaned.replace(secret, "…"), read)
    : read;
}

/** Writes one structured line. Text fields are redacted, an error keeps its message only. */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  const line: LogFields = { level, event };
  for (const [name, value] of Object.entries(fields)) {
    line[name] = typeof value === "string" ? redact(value) : value;
  }
  console[level](line);
}

/** The message of whatever was thrown, redacted. */
export function messageOf(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}
