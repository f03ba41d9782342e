import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { Decrypter, Encrypter } from "age-encryption";
import type { Store } from "../store/store.ts";
import type { Rows } from "./cut.ts";
import { type Piece, pieceKey } from "./manifest.ts";

/** Rows of positions: level 1 makes a fifth of them at 280 MB/s of a core, 3 no less at 130, 9 a little less at 27. */
const LEVEL = 1;

const NEWLINE = 0x0a;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A piece is not what its backup says. */
export class PieceFault extends Error {
  readonly key: string;

  constructor(key: string, what: string) {
    super(`${key} ${what}`);
    this.key = key;
  }
}

export const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Makes an object of rows that only these recipients can open. */
export async function sealRows(
  { text, count }: Rows,
  textSha256: string,
  recipients: readonly string[],
): Promise<{ piece: Piece; body: Uint8Array }> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const body = await encrypter.encrypt(
    await compress(text, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } }),
  );
  const sha256 = digestOf(body);
  const key = pieceKey(recipients, { textSha256, sha256 });
  return {
    piece: { key, rows: count, textBytes: text.length, bytes: body.length, textSha256, sha256 },
    body,
  };
}

/** The object of a piece. @throws PieceFault where it is not the one that was put */
export async function getPiece(store: Store, { key, bytes, sha256 }: Piece): Promise<Uint8Array> {
  const body = await store.get(key);
  if (body === null) throw new PieceFault(key, "is missing.");
  if (body.length !== bytes) throw new PieceFault(key, ofOtherSize(body.length, bytes));
  if (digestOf(body) !== sha256) throw new PieceFault(key, "was changed: its SHA-256 is another.");
  return body;
}

export const ofOtherSize = (bytes: number, expected: number) =>
  bytes < expected
    ? `was cut short: it has ${bytes} of ${expected} bytes.`
    : `has ${bytes} bytes, and should have ${expected}.`;

/** The rows of a piece, as COPY takes them. @throws PieceFault where they are not those that were put */
export async function openPiece(store: Store, piece: Piece, identities: readonly string[]): Promise<Buffer> {
  const { key, rows, textBytes, textSha256 } = piece;
  const body = await getPiece(store, piece);
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  let text: Buffer;
  try {
    const compressed = await decrypter.decrypt(body);
    // Room for what was promised and no more, whoever wrote it.
    text = await decompress(compressed, { maxOutputLength: Math.max(1, textBytes) });
  } catch (error) {
    throw new PieceFault(key, `cannot be opened: ${(error as Error).message}.`);
  }
  if (digestOf(text) !== textSha256)
    throw new PieceFault(key, "has other rows than were put: the SHA-256 of its text is another.");
  if (rowsOf(text) !== rows) throw new PieceFault(key, `has ${rowsOf(text)} rows, and should have ${rows}.`);
  return text;
}

function rowsOf(text: Buffer): number {
  let rows = 0;
  for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1)) rows += 1;
  return rows;
}
