import { readInteger, readText } from "../values.ts";

/** Codes of the JT/T list whose meaning is in the subtype: ADAS and DMS (reference §5.3). */
const COMPOSITE = new Set(["264", "265"]);

const NUMBER = /^\d+$/;

/**
 * A code with the list it is from, since the same number means different things in two lists (reference §4, quirk
 * 36): `jimi:48`, `jt:265.2`, `word:overSpeed`.
 * @param msgClass 0 JIMI, 1 JT/T 808; null where it was not said, as in the Open API, whose numbers are JIMI's.
 */
export function alarmCode(type: unknown, subtype: unknown, msgClass: number | null): string | null {
  const text = readText(type);
  if (text === null) return null;
  if (!NUMBER.test(text)) return `word:${text}`;
  const number = text.replace(/^0+(?=\d)/, "");
  if (msgClass === null || msgClass === 0) return `jimi:${number}`;
  if (msgClass !== 1) return `class${msgClass}:${number}`;
  const detail = COMPOSITE.has(number) ? readInteger(subtype, 0, 65_535) : null;
  return detail === null ? `jt:${number}` : `jt:${number}.${detail}`;
}
