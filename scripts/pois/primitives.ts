import { PbfReader } from "pbf";

/** A part of a block. */
type Part = [from: number, to: number];

/** A block of nodes, ways or relations, of which nothing is decoded before it is asked for. */
export interface Block {
  bytes: Buffer;
  /** The texts of tags and roles, all of them; and each. */
  texts: Part;
  text: Part[];
  groups: { field: number; part: Part }[];
  /** Degrees of what nodes say. */
  lat(units: number): number;
  lng(units: number): number;
}

/** What is in a group: the number of its first field. */
export const FIELD = { node: 1, dense: 2, way: 3, relation: 4 };

/** @throws where the bytes are no block */
export function readBlock(bytes: Buffer): Block {
  const found = { texts: [0, 0] as Part, granularity: 100, latOffset: 0, lngOffset: 0 };
  const groups: Block["groups"] = [];
  const pbf = new PbfReader(bytes);
  pbf.readFields((tag) => {
    if (tag === 1) found.texts = partOf(pbf);
    else if (tag === 2) {
      const part = partOf(pbf);
      // All of a group are of a kind. An empty one says none.
      if (part[0] < part[1]) groups.push({ field: (bytes[part[0]] ?? 0) >> 3, part });
    } else if (tag === 17) found.granularity = pbf.readVarint(true);
    else if (tag === 19) found.latOffset = pbf.readVarint(true);
    else if (tag === 20) found.lngOffset = pbf.readVarint(true);
  }, null);
  const { texts, granularity, latOffset, lngOffset } = found;
  // Nanodegrees.
  const degrees = (offset: number) => (units: number) => (offset + units * granularity) / 1e9;
  return { bytes, texts, text: [], groups, lat: degrees(latOffset), lng: degrees(lngOffset) };
}

/** Finds where each text of a block is, once. */
export function readTexts(block: Block): void {
  if (block.text.length > 0) return;
  readPart(block.bytes, block.texts, (tag, pbf) => {
    if (tag === 1) block.text.push(partOf(pbf));
  });
}

/** A text of a block by its number. @throws where it has no such */
export function textOf({ bytes, text }: Block, index: number): string {
  const part = text[index];
  if (!part) throw new Error("names a text that it does not have");
  return bytes.toString("utf8", ...part);
}

/** A field that has a length: where it is. */
function partOf(pbf: PbfReader): Part {
  const to = pbf.readVarint() + pbf.pos;
  const part: Part = [pbf.pos, to];
  if (to > pbf.length) throw new Error("ends before its parts do");
  pbf.pos = to;
  return part;
}

function readPart(bytes: Buffer, [from, to]: Part, read: (tag: number, pbf: PbfReader) => void): void {
  const pbf = new PbfReader(bytes);
  pbf.pos = from;
  if (from < to) pbf.readFields((tag) => read(tag, pbf), null, to);
  if (pbf.pos > to) throw new Error("ends before its parts do");
}

/** Tags as numbers of texts: keys and values in turn. */
export type Tags = number[];

export interface Node {
  id: number;
  lat: number;
  lng: number;
  tags: Tags;
}

export interface Way {
  id: number;
  tags: Tags;
  /** Ids of its nodes. */
  refs: number[];
}

export interface Relation {
  id: number;
  tags: Tags;
  members: { id: number; isWay: boolean; isNode: boolean; role: number }[];
}

/** The nodes of a block whose tags are wanted. Of others no place is decoded. */
export function* nodesOf(block: Block, isWanted: (tags: Tags) => boolean): Generator<Node> {
  for (const { field, part } of block.groups) {
    if (field === FIELD.dense) yield* denseNodes(block, part, isWanted);
    else if (field === FIELD.node) {
      for (const node of plainNodes(block, part)) if (isWanted(node.tags)) yield node;
    }
  }
}

function* plainNodes(block: Block, part: Part): Generator<Node> {
  for (const one of partsOf(block, part, FIELD.node)) {
    const [keys, values]: [number[], number[]] = [[], []];
    const node = { id: 0, lat: 0, lng: 0 };
    readPart(block.bytes, one, (tag, pbf) => {
      if (tag === 1) node.id = pbf.readSVarint();
      else if (tag === 2) pbf.readPackedVarint(keys);
      else if (tag === 3) pbf.readPackedVarint(values);
      else if (tag === 8) node.lat = pbf.readSVarint();
      else if (tag === 9) node.lng = pbf.readSVarint();
    });
    yield { id: node.id, lat: block.lat(node.lat), lng: block.lng(node.lng), tags: inTurn(keys, values) };
  }
}

function* denseNodes(block: Block, part: Part, isWanted: (tags: Tags) => boolean): Generator<Node> {
  for (const dense of denseOf(block, part)) {
    const all = readPacked(block.bytes, dense.tags);
    const wanted: { index: number; tags: Tags }[] = [];
    // The tags of a node end with a 0; where no node has any there is nothing at all.
    for (let at = 0, index = 0; at < all.length; index++) {
      let end = at;
      while (end < all.length && all[end] !== 0) end += 2;
      if (end >= all.length) throw new Error("has tags without an end");
      if (end > at) {
        const tags = all.slice(at, end);
        if (isWanted(tags)) wanted.push({ index, tags });
      }
      at = end + 1;
    }
    if (wanted.length === 0) continue;
    const [ids, lats, lngs] = [dense.ids, dense.lats, dense.lngs].map((parts) => summed(block.bytes, parts));
    for (const { index, tags } of wanted) {
      yield { ...nodeAt(block, ids?.[index], lats?.[index], lngs?.[index]), tags };
    }
  }
}

/** The nodes of a block that have these ids. */
export function* nodesWithIds(
  block: Block,
  isWanted: (id: number) => boolean,
): Generator<Omit<Node, "tags">> {
  for (const { field, part } of block.groups) {
    if (field === FIELD.node) {
      for (const node of plainNodes(block, part)) if (isWanted(node.id)) yield node;
    } else if (field === FIELD.dense) {
      for (const dense of denseOf(block, part)) {
        const hits = hitsOf(block.bytes, dense.ids, isWanted);
        if (hits.length === 0) continue;
        const [lats, lngs] = [dense.lats, dense.lngs].map((parts) => summed(block.bytes, parts));
        for (const { index, id } of hits) yield nodeAt(block, id, lats?.[index], lngs?.[index]);
      }
    }
  }
}

/** Dense nodes: where each of what is told of them is. */
type Dense = Record<"ids" | "lats" | "lngs" | "tags", Part[]>;

function* denseOf(block: Block, part: Part): Generator<Dense> {
  for (const one of partsOf(block, part, FIELD.dense)) {
    const dense: Dense = { ids: [], lats: [], lngs: [], tags: [] };
    readPart(block.bytes, one, (tag, pbf) => {
      if (tag === 1) dense.ids.push(partOf(pbf));
      else if (tag === 8) dense.lats.push(partOf(pbf));
      else if (tag === 9) dense.lngs.push(partOf(pbf));
      else if (tag === 10) dense.tags.push(partOf(pbf));
    });
    yield dense;
  }
}

function nodeAt(block: Block, id: number | undefined, lat: number | undefined, lng: number | undefined) {
  if (id === undefined || lat === undefined || lng === undefined) {
    throw new Error("has fewer nodes than it says");
  }
  return { id, lat: block.lat(lat), lng: block.lng(lng) };
}

/** Ids that are wanted. Most blocks have none: no list is made of the others. */
function hitsOf(bytes: Buffer, parts: Part[], isWanted: (id: number) => boolean) {
  const hits: { index: number; id: number }[] = [];
  let [index, id] = [0, 0];
  for (const [from, to] of parts) {
    const pbf = new PbfReader(bytes);
    for (pbf.pos = from; pbf.pos < to; index++) {
      id += pbf.readSVarint();
      if (isWanted(id)) hits.push({ index, id });
    }
  }
  return hits;
}

function readPacked(bytes: Buffer, parts: Part[]): number[] {
  const numbers: number[] = [];
  for (const [from, to] of parts) {
    const pbf = new PbfReader(bytes);
    for (pbf.pos = from; pbf.pos < to; ) numbers.push(pbf.readVarint());
  }
  return numbers;
}

/** Numbers of which each is told as how far it is from the one before. */
function summed(bytes: Buffer, parts: Part[]): number[] {
  const numbers: number[] = [];
  let sum = 0;
  for (const [from, to] of parts) {
    const pbf = new PbfReader(bytes);
    for (pbf.pos = from; pbf.pos < to; ) {
      sum += pbf.readSVarint();
      numbers.push(sum);
    }
  }
  return numbers;
}

export function* waysOf(block: Block): Generator<Way> {
  for (const one of kindOf(block, FIELD.way)) {
    const [keys, values, steps]: [number[], number[], number[]] = [[], [], []];
    let id = 0;
    readPart(block.bytes, one, (tag, pbf) => {
      if (tag === 1) id = pbf.readVarint(true);
      else if (tag === 2) pbf.readPackedVarint(keys);
      else if (tag === 3) pbf.readPackedVarint(values);
      else if (tag === 8) pbf.readPackedSVarint(steps);
    });
    yield { id, tags: inTurn(keys, values), refs: sums(steps) };
  }
}

export function* relationsOf(block: Block): Generator<Relation> {
  for (const one of kindOf(block, FIELD.relation)) {
    const tags: Record<"keys" | "values", number[]> = { keys: [], values: [] };
    const listed: Record<"roles" | "steps" | "types", number[]> = { roles: [], steps: [], types: [] };
    let id = 0;
    readPart(block.bytes, one, (tag, pbf) => {
      if (tag === 1) id = pbf.readVarint(true);
      else if (tag === 2) pbf.readPackedVarint(tags.keys);
      else if (tag === 3) pbf.readPackedVarint(tags.values);
      else if (tag === 8) pbf.readPackedVarint(listed.roles);
      else if (tag === 9) pbf.readPackedSVarint(listed.steps);
      else if (tag === 10) pbf.readPackedVarint(listed.types);
    });
    const { roles, steps, types } = listed;
    const members = sums(steps).map((member, index) => {
      const [role, type] = [roles[index], types[index]];
      if (role === undefined || type === undefined) throw new Error("has a member without a role or a type");
      return { id: member, role, isNode: type === 0, isWay: type === 1 };
    });
    yield { id, tags: inTurn(tags.keys, tags.values), members };
  }
}

function* kindOf(block: Block, field: number): Generator<Part> {
  for (const group of block.groups) if (group.field === field) yield* partsOf(block, group.part, field);
}

/** Where the fields of a number are in a group. */
function partsOf(block: Block, part: Part, field: number): Part[] {
  const parts: Part[] = [];
  readPart(block.bytes, part, (tag, pbf) => {
    if (tag === field) parts.push(partOf(pbf));
  });
  return parts;
}

function sums(steps: number[]): number[] {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

function inTurn(keys: number[], values: number[]): Tags {
  if (keys.length !== values.length) throw new Error("has a tag without a value");
  return keys.flatMap((key, index) => [key, values[index] ?? 0]);
}
