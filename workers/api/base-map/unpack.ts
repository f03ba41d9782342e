import { Compression } from "pmtiles";
import { UnreadableMap } from "./source.ts";

/** A directory has some hundred KB, and becomes ten times that in memory: more is no directory. */
const MOST_BYTES = 2_000_000;

/** Unpacks a directory or the description of a file. @throws UnreadableMap */
export async function unpack(packed: ArrayBuffer, compression: Compression): Promise<ArrayBuffer> {
  if (compression === Compression.None) return packed;
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
  if (bytes > MOST_BYTES) throw new UnreadableMap("a part of it unpacks into more than a directory can be");
  return new Blob(parts).arrayBuffer();
}

/** What was packed with gzip, as it unpacks. */
export const gunzipped = (packed: ArrayBuffer): ReadableStream<Uint8Array> =>
  new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
