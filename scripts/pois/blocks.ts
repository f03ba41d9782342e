import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { PbfReader } from "pbf";
import { LARGEST_BLOCK_BYTES, Refused, unpackBlob } from "./unpack.ts";

/** The format's own limit. */
const LARGEST_HEADER_BYTES = 64 * 1024;

/** Blocks that are unpacked at a time, beside what is read of them. */
const AHEAD = 4;

/** Where a packed block is. */
export interface Packed {
  at: number;
  bytes: number;
}

/** A .osm.pbf that is open. */
export interface OsmFile {
  bytes: number;
  /** What its header says that a reader has to know. */
  requiredFeatures(): Promise<string[]>;
  /** The blocks of data, in their order. @throws where the file is no .osm.pbf, or is cut short */
  data(): Iterable<Packed>;
  /** Unpacks blocks, some at a time on other threads. */
  unpacked(blocks: Iterable<Packed>): AsyncIterable<{ packed: Packed; block: Buffer }>;
  /** An error of a block that is not as it should be. */
  broken(at: number, reason: string): Error;
  close(): void;
}

/** @throws where it cannot be opened */
export function openOsmFile(path: string): OsmFile {
  const name = basename(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new Error(`There is no file ${path}.`);
  if (!stats.isFile())
    throw new Error(`${path} is no file: it is read more than once, so it cannot come through a pipe.`);
  const file = openSync(path, "r");
  const { size } = fstatSync(file);
  const noPbf = (reason: string) =>
    new Error(`${name} is no .osm.pbf: ${reason}. Take one of download.geofabrik.de, or of osmium.`);
  const broken = (at: number, reason: string) =>
    new Error(`${name} is broken: the block at byte ${at} ${reason}. Download it again.`);

  const read = (at: number, bytes: number): Buffer => {
    if (at + bytes > size) {
      throw new Error(
        `${name} is cut short: it has ${size} bytes, and a block ends at byte ${at + bytes}. Download it again.`,
      );
    }
    const buffer = Buffer.allocUnsafe(bytes);
    for (let got = 0; got < bytes; ) {
      const part = readSync(file, buffer, got, bytes - got, at + got);
      if (part === 0) throw new Error(`${name} became shorter while it was read: begin again.`);
      got += part;
    }
    return buffer;
  };

  const headerAt = (at: number) => {
    const length = read(at, 4).readUInt32BE();
    const reason = `claims a header of ${length} bytes`;
    if (length === 0 || length > LARGEST_HEADER_BYTES) {
      throw at === 0 ? noPbf(`its first block ${reason}`) : broken(at, reason);
    }
    const bytes = read(at + 4, length);
    let header: { type: string; bytes: number };
    try {
      header = new PbfReader(bytes).readFields(readHeaderField, { type: "", bytes: -1 });
    } catch {
      header = { type: "", bytes: -1 };
    }
    if (header.type === "" || header.bytes < 0) {
      throw at === 0 ? noPbf("its first block has no header") : broken(at, "has no header");
    }
    if (header.bytes > LARGEST_BLOCK_BYTES)
      throw broken(at, `claims ${header.bytes} bytes: 32 MiB are allowed`);
    return { ...header, at: at + 4 + length };
  };

  const unpack = async ({ at, bytes }: Packed): Promise<Buffer> => {
    try {
      return await unpackBlob(read(at, bytes));
    } catch (error) {
      if (error instanceof Refused) throw new Error(`${name}: the block at byte ${at} ${error.message}`);
      throw broken(at, `cannot be unpacked (${(error as Error).message})`);
    }
  };

  async function* unpacked(blocks: Iterable<Packed>) {
    const waiting: { packed: Packed; block: Promise<Buffer> }[] = [];
    for (const packed of blocks) {
      const block = unpack(packed);
      // It is told when its turn comes, if it does.
      block.catch(() => {});
      waiting.push({ packed, block });
      if (waiting.length < AHEAD) continue;
      const next = waiting.shift();
      if (next) yield { packed: next.packed, block: await next.block };
    }
    for (const { packed, block } of waiting) yield { packed, block: await block };
  }

  function* data() {
    for (let at = 0; at < size; ) {
      const header = headerAt(at);
      at = header.at + header.bytes;
      if (at > size) read(header.at, header.bytes);
      // Other types are for other programs, and skipped, as the format says.
      if (header.type === "OSMData") yield { at: header.at, bytes: header.bytes };
    }
  }

  return {
    ...{ bytes: size, data, unpacked, broken, close: () => closeSync(file) },
    async requiredFeatures() {
      if (size === 0) throw noPbf("it is empty");
      const header = headerAt(0);
      if (header.type !== "OSMHeader") throw noPbf("it does not begin with a header");
      return new PbfReader(await unpack(header)).readFields((tag, features: string[], pbf) => {
        if (tag === 4) features.push(pbf.readString());
      }, []);
    },
  };
}

function readHeaderField(tag: number, header: { type: string; bytes: number }, pbf: PbfReader): void {
  if (tag === 1) header.type = pbf.readString();
  else if (tag === 3) header.bytes = pbf.readVarint();
}
