import type { Source } from "pmtiles";

/** A tile or directory is some ten or hundred KB; a broken file can name any length, and an isolate has 128 MB. */
const MOST_BYTES = 8_000_000;

/** The file is not what it should be, or not there; the message is for the log. */
export class UnreadableMap extends Error {
  override name = "UnreadableMap";
}

/** Somebody has put another file in its place since its directory was read. */
export class ReplacedMap extends Error {
  override name = "ReplacedMap";
}

/** Reads ranges of an object in R2, all of one version of it. */
export class BucketSource implements Source {
  readonly #bucket: R2Bucket;
  readonly #key: string;
  /** Of the object, once something of it was read. */
  etag: string | undefined;
  sizeBytes = 0;

  constructor(bucket: R2Bucket, key: string) {
    this.#bucket = bucket;
    this.#key = key;
  }

  getKey(): string {
    return this.#key;
  }

  /** @throws UnreadableMap, ReplacedMap, and whatever R2 throws */
  async getBytes(offset: number, length: number): Promise<{ data: ArrayBuffer; etag: string }> {
    const isFirst = this.etag === undefined;
    if (length > MOST_BYTES) throw new UnreadableMap(`a part of it would have ${length} bytes`);
    // The first look is as long as header and root directory may be together, and a small file is shorter.
    if (!isFirst && !(offset + length <= this.sizeBytes)) throw new UnreadableMap("it is cut short");
    const object = await this.#bucket.get(this.#key, {
      range: { offset, length },
      ...(this.etag !== undefined && { onlyIf: { etagMatches: this.etag } }),
    });
    if (object === null) throw new UnreadableMap("there is no such object");
    if (!("body" in object)) throw new ReplacedMap();
    const data = await object.arrayBuffer();
    this.etag = object.etag;
    this.sizeBytes = object.size;
    if (data.byteLength < Math.min(length, object.size - offset)) throw new UnreadableMap("it ends early");
    return { data, etag: object.etag };
  }
}
