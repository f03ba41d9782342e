import { Compression } from "pmtiles";
import { UnreadableMap } from "./source.ts";

/**
 * A directory of a map of the world has some 35,000 entries of four to twelve bytes, one of a region a tenth of them; in memory
 * each is ten times that. More is no directory, nor a description.
 */
const MOST_BYTES = 512 * 1024;

/** Unpacks a directory or the description of a file. @throws UnreadableMap */
export async function unpack(packed: ArrayBuffer, compression: Compression): Promise<ArrayBuffer> {
  if (compression === Compression.None) {
    if (packed.byteLength > MOST_BYTES) throw tooMuch();
    return packed;
  }
  if (compression !== Compression.Gzip) {
    throw new UnreadableMap(`its directories are packed in the way ${compression}, and only gzip is read`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of gunzipped(packed)) {
      bytes += part.byteLength;
      if (bytes > MOST_BYTES) break;
      parts.push(part);
    }
  } catch {
    throw new UnreadableMap("a part of it does not unpack");
  }
  if (bytes > MOST_BYTES) throw tooMuch();
  return new Blob(parts).arrayBuffer();
}

const tooMuch = () => new UnreadableMap("a part of it is more than a directory can be");

/** What was packed with gzip, as it unpacks. */
export const gunzipped = (packed: ArrayBuffer): ReadableStream<Uint8Array> =>
  new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
