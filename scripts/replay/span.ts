import { type MessageKind, VENDOR_KINDS } from "../../shared/message.ts";
import { toIso } from "../../shared/time.ts";

/** What is to be played, as the API takes it. */
export interface Span {
  from: string;
  to: string;
  kinds?: MessageKind[];
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads the span of the options. @throws with what to write instead */
export function readSpan(from: string | undefined, to: string | undefined, kinds: string[]): Span {
  const fromMs = readInstant("--from", from);
  const toMs = readInstant("--to", to);
  if (fromMs >= toMs) throw new Error("--to must be later than --from: it is the first instant left out.");
  const span = { from: toIso(fromMs), to: toIso(toMs) };
  return kinds.length === 0 ? span : { ...span, kinds: readKinds(kinds) };
}

/** Reads an instant that an option names. @returns it in ms. @throws with what to write instead */
export function readInstant(name: string, text: string | undefined): number {
  if (text === undefined) throw new Error(`${name} is missing, e.g. ${name} 2026-01-15T00:00+03:00`);
  const [, date = ""] = INSTANT.exec(text) ?? [];
  const ms = Date.parse(text);
  // The 31st of February would be a day in March.
  const isDay = date !== "" && new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) === date;
  // Beyond them ISO text has another form.
  if (!isDay || Number.isNaN(ms) || ms < Date.UTC(2000) || ms > Date.UTC(9999)) {
    throw new Error(
      `${name} "${text}" is no instant: write a day (2026-01-15, from 00:00 UTC) or a time with its zone (2026-01-15T06:00Z, 2026-01-15T09:00+03:00).`,
    );
  }
  return ms;
}

function readKinds(texts: string[]): MessageKind[] {
  const kinds = texts.flatMap((text) => text.split(",")).map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !VENDOR_KINDS.some((known) => known === kind));
  if (unknown !== undefined) {
    throw new Error(`There is no kind "${unknown}" in the archive. Kinds: ${VENDOR_KINDS.join(", ")}.`);
  }
  return VENDOR_KINDS.filter((kind) => kinds.includes(kind));
}
