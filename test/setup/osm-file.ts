import { closeSync, openSync, writeSync } from "node:fs";
import { deflateSync, zstdCompressSync } from "node:zlib";
import { PbfWriter } from "pbf";

/** What a .osm.pbf is made of. Tags and places as OpenStreetMap has them. */
export interface OsmNode {
  id: number;
  lat: number;
  lng: number;
  tags?: Record<string, string>;
}

export interface OsmWay {
  id: number;
  refs: number[];
  tags?: Record<string, string>;
}

export interface OsmRelation {
  id: number;
  members: { type: "node" | "way" | "relation"; id: number; role: string }[];
  tags?: Record<string, string>;
}

type Packing = "zlib" | "raw" | "zstd";

/** A block, each kind in a group of its own. */
export interface OsmBlock {
  /** In the dense form. */
  nodes?: OsmNode[];
  /** One by one. */
  plainNodes?: OsmNode[];
  ways?: OsmWay[];
  relations?: OsmRelation[];
  /** Nanodegrees of a unit (100). */
  granularity?: number;
  /** Nanodegrees of a place that is told as 0. */
  offset?: { lat: number; lng: number };
  packing?: Packing;
}

/** Writes a file by the format's description (wiki.openstreetmap.org/wiki/PBF_Format). */
export function writeOsmFile(
  path: string,
  blocks: Iterable<OsmBlock>,
  features = ["OsmSchema-V0.6", "DenseNodes"],
): void {
  const file = openSync(path, "w");
  try {
    writeSync(file, headerBlob(features));
    for (const block of blocks) writeSync(file, blob("OSMData", blockBytes(block), block.packing));
  } finally {
    closeSync(file);
  }
}

export function headerBlob(features: string[]): Buffer {
  const pbf = new PbfWriter();
  for (const feature of features) pbf.writeStringField(4, feature);
  pbf.writeStringField(16, "test");
  return blob("OSMHeader", pbf.finish());
}

const PACKINGS: Record<Packing, { field: number; pack(bytes: Uint8Array): Uint8Array }> = {
  raw: { field: 1, pack: (bytes) => bytes },
  zlib: { field: 3, pack: (bytes) => deflateSync(bytes, { level: 1 }) },
  zstd: { field: 7, pack: (bytes) => zstdCompressSync(bytes) },
};

/** A block as it is in the file: the length of its header, the header, and the blob. */
export function blob(type: string, content: Uint8Array, packing: Packing = "zlib"): Buffer {
  const { field, pack } = PACKINGS[packing];
  const body = new PbfWriter();
  if (packing !== "raw") body.writeVarintField(2, content.length);
  body.writeBytesField(field, pack(content));
  return framed(type, body.finish());
}

/** The same of a blob that is made. `claimed` is how long its header says it is. */
export function framed(type: string, body: Uint8Array, claimed = body.length): Buffer {
  const header = new PbfWriter();
  header.writeStringField(1, type);
  header.writeVarintField(3, claimed);
  const bytes = header.finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes, body]);
}

/** Texts of a block, each once. The first stands for none. */
class Texts {
  readonly #numbers = new Map<string, number>([["", 0]]);

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  bytes(): Uint8Array {
    const pbf = new PbfWriter();
    for (const text of this.#numbers.keys()) pbf.writeBytesField(1, Buffer.from(text));
    return pbf.finish();
  }
}

function blockBytes(block: OsmBlock): Uint8Array {
  const texts = new Texts();
  const { granularity = 100, offset = { lat: 0, lng: 0 } } = block;
  const lat = (node: OsmNode) => Math.round((node.lat * 1e9 - offset.lat) / granularity);
  const lng = (node: OsmNode) => Math.round((node.lng * 1e9 - offset.lng) / granularity);
  const groups: Uint8Array[] = [];

  if (block.nodes) groups.push(message(2, denseBytes(block.nodes, { lat, lng, texts })));
  for (const [field, items] of [
    [1, (block.plainNodes ?? []).map((node) => plainBytes(node, { lat, lng, texts }))],
    [3, (block.ways ?? []).map((way) => wayBytes(way, texts))],
    [4, (block.relations ?? []).map((relation) => relationBytes(relation, texts))],
  ] as const) {
    if (items.length > 0) groups.push(Buffer.concat(items.map((item) => message(field, item))));
  }

  const pbf = new PbfWriter();
  pbf.writeBytesField(1, texts.bytes());
  for (const group of groups) pbf.writeBytesField(2, group);
  if (block.granularity !== undefined) pbf.writeVarintField(17, granularity);
  if (block.offset) {
    pbf.writeVarintField(19, offset.lat);
    pbf.writeVarintField(20, offset.lng);
  }
  return pbf.finish();
}

interface In {
  lat(node: OsmNode): number;
  lng(node: OsmNode): number;
  texts: Texts;
}

function message(field: number, bytes: Uint8Array): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeBytesField(field, bytes);
  return pbf.finish();
}

/** Each as how far it is from the one before. */
const steps = (values: number[]) => values.map((value, index) => value - (values[index - 1] ?? 0));

function denseBytes(nodes: OsmNode[], { lat, lng, texts }: In): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writePackedSVarint(1, steps(nodes.map(({ id }) => id)));
  // As most files have it: who changed a node when, which nobody here wants to know.
  const info = new PbfWriter();
  info.writePackedVarint(
    1,
    nodes.map(() => 3),
  );
  pbf.writeBytesField(5, info.finish());
  pbf.writePackedSVarint(8, steps(nodes.map(lat)));
  pbf.writePackedSVarint(9, steps(nodes.map(lng)));
  if (nodes.some(({ tags }) => tags)) {
    pbf.writePackedVarint(
      10,
      nodes.flatMap(({ tags = {} }) => [
        ...Object.entries(tags)
          .flat()
          .map((text) => texts.number(text)),
        0,
      ]),
    );
  }
  return pbf.finish();
}

function plainBytes(node: OsmNode, { lat, lng, texts }: In): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeSVarintField(1, node.id);
  writeTags(pbf, node.tags, texts);
  pbf.writeSVarintField(8, lat(node));
  pbf.writeSVarintField(9, lng(node));
  return pbf.finish();
}

function wayBytes({ id, refs, tags }: OsmWay, texts: Texts): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, id);
  writeTags(pbf, tags, texts);
  pbf.writePackedSVarint(8, steps(refs));
  return pbf.finish();
}

const TYPES = ["node", "way", "relation"];

function relationBytes({ id, members, tags }: OsmRelation, texts: Texts): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, id);
  writeTags(pbf, tags, texts);
  pbf.writePackedVarint(
    8,
    members.map(({ role }) => texts.number(role)),
  );
  pbf.writePackedSVarint(9, steps(members.map((member) => member.id)));
  pbf.writePackedVarint(
    10,
    members.map(({ type }) => TYPES.indexOf(type)),
  );
  return pbf.finish();
}

function writeTags(pbf: PbfWriter, tags: Record<string, string> = {}, texts: Texts): void {
  pbf.writePackedVarint(
    2,
    Object.keys(tags).map((key) => texts.number(key)),
  );
  pbf.writePackedVarint(
    3,
    Object.values(tags).map((value) => texts.number(value)),
  );
}
