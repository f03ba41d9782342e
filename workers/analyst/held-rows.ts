import { streamOf } from "../../shared/stream.ts";

const NAME = "@rows:";
const NAME_LENGTH = NAME.length + 36;

/** How much is escaped at a time. */
const PIECE_BYTES = 64 * 1_024;

/**
 * The rows of answers, held back while the protocol's own code writes what is around them, and put in on the way out. As a string
 * each would be copied four times there, eight answers of 8 MB at once beyond what an isolate has.
 */
export class HeldRows {
  readonly #rows = new Map<string, Uint8Array>();

  /** @param rows UTF-8. @returns what to write in their place: nobody can have guessed it */
  hold(rows: Uint8Array): string {
    const name = `${NAME}${crypto.randomUUID()}`;
    this.#rows.set(name, rows);
    return name;
  }

  /** An answer with the rows that it names, as what they are there: part of a text in JSON. */
  putInto(answer: Response): Response {
    if (answer.body === null) return answer;
    // It is not as long as it says.
    const headers = new Headers(answer.headers);
    headers.delete("content-length");
    const body = streamOf(this.#withRows(answer.body));
    return new Response(body, { status: answer.status, headers });
  }

  /** Passes everything else on at once: while a query runs that is what keeps the connection. */
  async *#withRows(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of body) {
      rest = Buffer.concat([rest, chunk]);
      for (let at = rest.indexOf(NAME); at >= 0 && at + NAME_LENGTH <= rest.length; at = rest.indexOf(NAME)) {
        const name = rest.toString("latin1", at, at + NAME_LENGTH);
        const rows = this.#rows.get(name);
        const end = at + (rows === undefined ? NAME.length : NAME_LENGTH);
        yield rest.subarray(0, rows === undefined ? end : at);
        if (rows !== undefined) yield* asJsonText(rows);
        this.#rows.delete(name);
        rest = rest.subarray(end);
      }
      const complete = rest.length - beginningOfName(rest);
      if (complete > 0) yield rest.subarray(0, complete);
      rest = rest.subarray(complete);
    }
    if (rest.length > 0) yield rest;
  }
}

/** How many bytes at the end may be the first ones of a name. */
function beginningOfName(bytes: Buffer): number {
  const at = bytes.indexOf(NAME.charAt(0), Math.max(0, bytes.length - NAME_LENGTH + 1));
  return at < 0 ? 0 : bytes.length - at;
}

function* asJsonText(bytes: Uint8Array): Generator<Uint8Array> {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const text = decoder.decode(bytes.subarray(from, from + PIECE_BYTES), { stream: true });
    yield encoder.encode(JSON.stringify(text).slice(1, -1));
  }
}
