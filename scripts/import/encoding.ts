import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";

/** How the text of a file is written. */
export type Encoding = "UTF-8" | "UTF-16LE" | "UTF-16BE" | "Windows-1252";

/** A file of text. */
export interface TextFile {
  path: string;
  bytes: number;
  encoding: Encoding;
}

const CHUNK_BYTES = 256 * 1024;

/** What files begin with that are no text, and what they are. */
const NO_TEXT: [bytes: number[], what: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], "a spreadsheet or an archive: save it as CSV UTF-8"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old spreadsheet: save it as CSV UTF-8"],
  [[0x1f, 0x8b], "compressed: unpack it with gunzip"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF: ask for a CSV"],
];

/**
 * Looks at a file from its beginning to its end: UTF-16 says so in its first bytes; what is UTF-8 throughout is UTF-8; anything
 * else is what spreadsheets call CSV without a word more, Windows-1252, of which Latin-1 is a part.
 * @param most Bytes it may have
 * @throws where it is no text, or UTF-8 that was damaged
 */
export async function openText(path: string, most = Number.POSITIVE_INFINITY): Promise<TextFile> {
  const { bytes, head } = await lookAt(path, most);
  const is = (encoding: Encoding): TextFile => ({ path, bytes, encoding });
  if (head[0] === 0xff && head[1] === 0xfe) return is("UTF-16LE");
  if (head[0] === 0xfe && head[1] === 0xff) return is("UTF-16BE");
  if (await isReadable(path, "UTF-8")) return is("UTF-8");
  await refuseDamaged(path);
  return is("Windows-1252");
}

/** Its size and its first bytes. */
async function lookAt(path: string, most: number): Promise<{ bytes: number; head: Buffer }> {
  // A pipe to which nobody writes would never be open.
  const { size } = refuseOthers(path, await stat(path), most);
  const file = await open(path);
  try {
    const { buffer: head } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const [, what] = NO_TEXT.find(([bytes]) => bytes.every((byte, index) => head[index] === byte)) ?? [];
    if (what !== undefined) throw new Error(`${path} is ${what}.`);
    return { bytes: size, head };
  } finally {
    await file.close();
  }
}

function refuseOthers(path: string, status: Stats, most: number): Stats {
  // Its encoding and its rows are read one after the other.
  if (!status.isFile()) throw new Error(`${path} is no file: save what it gives to one, it is read twice.`);
  if (status.size > most) throw new Error(`${path} is larger than ${most / 1024 / 1024} MB.`);
  if (status.size === 0) throw new Error(`${path} is empty.`);
  return status;
}

/**
 * The text of a file, without its byte order mark.
 * @param onBytes Told how much was read
 */
export async function* textOf(
  { path, encoding }: Pick<TextFile, "path" | "encoding">,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  try {
    for await (const chunk of chunksOf(path)) {
      yield decoder.decode(chunk, { stream: true });
      onBytes(chunk.length);
    }
    yield decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
    throw new Error(`${path} is no ${encoding} from some place on: it was cut or damaged. Save it again.`);
  }
}

const chunksOf = (path: string): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: CHUNK_BYTES });

async function isReadable(path: string, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  try {
    for await (const chunk of chunksOf(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA") return false;
    throw error;
  }
}

/** Refuses what is UTF-8 for the most part: as Windows-1252 every é in it would be Ã©. */
async function refuseDamaged(path: string): Promise<void> {
  const decoder = new TextDecoder("UTF-8");
  const seen = { good: 0, bad: 0, lines: 1 };
  let firstBad: number | undefined;
  const look = (text: string) => {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 0x0a) seen.lines++;
      else if (code === 0xfffd) {
        seen.bad++;
        firstBad ??= seen.lines;
      } else if (code > 0x7f) seen.good++;
    }
  };
  for await (const chunk of chunksOf(path)) look(decoder.decode(chunk, { stream: true }));
  look(decoder.decode());
  if (seen.good <= seen.bad) return;
  throw new Error(
    `${path} is UTF-8 but for ${seen.bad} characters, the first in line ${firstBad}: it was cut, or put together from files in two encodings. Save it again as UTF-8.`,
  );
}
