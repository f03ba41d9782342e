import { promisify } from "node:util";
import { inflate, zstdDecompress } from "node:zlib";
import { PbfReader } from "pbf";

/** The format's own limit, packed or not. What unpacks to more is made to fill a memory. */
export const LARGEST_BLOCK_BYTES = 32 * 1024 * 1024;

/** Ways to pack that are not read here, by the number of their field. */
const OTHERS: Record<number, string> = { 4: "LZMA", 5: "bzip2", 6: "LZ4" };

/** What is as it should be, and is not read here. */
export class Refused extends Error {}

interface Blob {
  raw?: Uint8Array;
  zlib?: Uint8Array;
  zstd?: Uint8Array;
  other?: string | undefined;
}

/** @returns what a blob holds. @throws where it cannot be unpacked, or is larger than it may be */
export async function unpackBlob(bytes: Uint8Array): Promise<Buffer> {
  const { raw, zlib, zstd, other } = new PbfReader(bytes).readFields<Blob>((tag, blob, pbf) => {
    if (tag === 1) blob.raw = pbf.readBytes();
    else if (tag === 3) blob.zlib = pbf.readBytes();
    else if (tag === 7) blob.zstd = pbf.readBytes();
    else if (tag in OTHERS) blob.other = OTHERS[tag];
  }, {});
  const limit = { maxOutputLength: LARGEST_BLOCK_BYTES };
  if (zlib) return promisify(inflate)(zlib, limit);
  if (zstd) return promisify(zstdDecompress)(zstd, limit);
  if (raw) return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (other === undefined) throw new Error("it is empty");
  throw new Refused(
    `is packed with ${other}, which is not read here: osmium cat -o zlib.osm.pbf packs it anew.`,
  );
}
