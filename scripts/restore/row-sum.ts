import { hash } from "node:crypto";

const LINE_END = 10;

/** 32-bit parts of a SHA-256. */
const PARTS = 8;

/**
 * The sum of the SHA-256 of rows, each 32-bit part for itself: whatever the order in which they are read, the same rows have the
 * same sum. A server with another collation has another order of texts.
 */
export class RowSum {
  rows = 0;
  readonly #parts = new Uint32Array(PARTS);
  /** The beginning of a row whose end has yet to come. */
  #begun: Buffer[] = [];

  /** @param known a sum to go on from */
  constructor(known?: { rows: number; sum: string }) {
    if (!known) return;
    this.rows = known.rows;
    Buffer.from(known.sum, "hex").copy(new Uint8Array(this.#parts.buffer));
  }

  /** Adds rows as COPY writes text, cut anywhere. */
  add(text: Buffer): void {
    let from = 0;
    for (let end = text.indexOf(LINE_END); end >= 0; end = text.indexOf(LINE_END, from)) {
      const row = text.subarray(from, end);
      this.#addRow(this.#begun.length === 0 ? row : Buffer.concat([...this.#begun.splice(0), row]));
      from = end + 1;
    }
    if (from < text.length) this.#begun.push(text.subarray(from));
  }

  #addRow(row: Buffer): void {
    // As text: a third of the time that a buffer takes.
    const digest = hash("sha256", row, "binary");
    for (let part = 0; part < PARTS; part++) {
      const at = part * 4;
      this.#parts[part] =
        (this.#parts[part] ?? 0) +
        (digest.charCodeAt(at) |
          (digest.charCodeAt(at + 1) << 8) |
          (digest.charCodeAt(at + 2) << 16) |
          (digest.charCodeAt(at + 3) << 24));
    }
    this.rows += 1;
  }

  /** Hexadecimal. */
  get sum(): string {
    return Buffer.from(this.#parts.buffer).toString("hex");
  }
}
