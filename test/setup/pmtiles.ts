/** A tile with what is in it. */
export interface MadeTile {
  z: number;
  x: number;
  y: number;
  data: Uint8Array;
}

/** How a file is made; what is left out is as most files have it. */
export interface MadeFile {
  tiles: MadeTile[];
  isPacked?: boolean;
  /** Entries of a directory below the first; without it all are in that. */
  leafEntries?: number;
  metadata?: unknown;
  version?: number;
  tileType?: number;
  tileCompression?: number;
}

interface Entry {
  id: number;
  run: number;
  length: number;
  offset: number;
}

export const ATTRIBUTION =
  "<a href='https://example.com' onclick='alert(1)'>&copy; OpenStreetMap</a> &amp; others";
export const BOUNDS = [28.8, -11.8, 41.9, 5.1];

const HEADER_BYTES = 127;
const NONE = 1;
const GZIP = 2;
const VECTOR = 1;

/** A PMTiles file, byte by byte as version 3 of its specification has them. */
export async function makePmtiles({ tiles, isPacked = true, ...made }: MadeFile): Promise<Uint8Array> {
  const pack = (bytes: Uint8Array) => (isPacked ? gzip(bytes) : Promise.resolve(bytes));
  const numbered = tiles.map((tile) => ({ ...tile, id: tileId(tile) })).sort((a, b) => a.id - b.id);
  const entries: Entry[] = [];
  const contents: Uint8Array[] = [];
  let offset = 0;
  for (const { id, data } of numbered) {
    const content = await pack(data);
    entries.push({ id, run: 1, length: content.length, offset });
    contents.push(content);
    offset += content.length;
  }
  const leaves: Uint8Array[] = [];
  const above: Entry[] = [];
  for (let at = 0; made.leafEntries && at < entries.length; at += made.leafEntries) {
    const below = entries.slice(at, at + made.leafEntries);
    const leaf = await pack(directory(below));
    above.push({ id: below[0]?.id ?? 0, run: 0, length: leaf.length, offset: total(leaves) });
    leaves.push(leaf);
  }
  const root = await pack(directory(made.leafEntries ? above : entries));
  const told = made.metadata ?? {
    attribution: ATTRIBUTION,
    vector_layers: [{ id: "roads" }, { id: "water" }],
  };
  const metadata = await pack(new TextEncoder().encode(JSON.stringify(told)));
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  for (const [at, letter] of [..."PMTiles"].entries()) header.setUint8(at, letter.charCodeAt(0));
  header.setUint8(7, made.version ?? 3);
  let place = HEADER_BYTES;
  for (const [at, bytes] of [root.length, metadata.length, total(leaves), total(contents)].entries()) {
    header.setBigUint64(8 + 16 * at, BigInt(place), true);
    header.setBigUint64(16 + 16 * at, BigInt(bytes), true);
    place += bytes;
  }
  for (const at of [72, 80, 88]) header.setBigUint64(at, BigInt(tiles.length), true);
  const packing = isPacked ? GZIP : NONE;
  const zooms = tiles.map(({ z }) => z);
  const facts = [1, packing, made.tileCompression ?? packing, made.tileType ?? VECTOR];
  for (const [at, fact] of [...facts, Math.min(...zooms), Math.max(...zooms)].entries()) {
    header.setUint8(96 + at, fact);
  }
  for (const [at, degrees] of BOUNDS.entries()) header.setInt32(102 + 4 * at, degrees * 1e7, true);
  return join([new Uint8Array(header.buffer), root, metadata, ...leaves, ...contents]);
}

/** A directory: five columns of variable-length numbers. An offset is kept one higher, so that none is 0. */
function directory(entries: Entry[]): Uint8Array {
  const numbers = [
    entries.length,
    ...entries.map(({ id }, at) => id - (entries[at - 1]?.id ?? 0)),
    ...entries.map(({ run }) => run),
    ...entries.map(({ length }) => length),
    ...entries.map(({ offset }) => offset + 1),
  ];
  return Uint8Array.from(numbers.flatMap(varint));
}

function varint(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** The place of a tile on the Hilbert curve of its zoom, behind all tiles of the zooms above. */
function tileId({ z, x, y }: MadeTile): number {
  let [column, row, place] = [x, y, 0];
  for (let side = 2 ** z / 2; side >= 1; side /= 2) {
    const [right, down] = [column >= side, row >= side];
    place += side * side * (right ? (down ? 2 : 3) : down ? 1 : 0);
    if (right) column -= side;
    if (down) row -= side;
    if (!down) {
      if (right) [column, row] = [side - 1 - column, side - 1 - row];
      [column, row] = [row, column];
    }
  }
  return (4 ** z - 1) / 3 + place;
}

const total = (parts: Uint8Array[]) => parts.reduce((bytes, part) => bytes + part.length, 0);

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(total(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const gzip = async (bytes: Uint8Array) =>
  new Uint8Array(
    await new Response(
      new Blob([bytes as never]).stream().pipeThrough(new CompressionStream("gzip") as never) as never,
    ).arrayBuffer(),
  );
