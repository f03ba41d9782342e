import type { Bar, Progress } from "../progress.ts";
import { type OsmFile, openOsmFile, type Packed } from "./blocks.ts";
import { type Matcher, matcherOf, type Wanted } from "./match.ts";
import {
  type Block,
  FIELD,
  nodesOf,
  nodesWithIds,
  readBlock,
  relationsOf,
  textOf,
  waysOf,
} from "./primitives.ts";

/** What a reader has to know of a file to read it rightly. */
const KNOWN_FEATURES = ["OsmSchema-V0.6", "DenseNodes"];

type OsmType = "node" | "way" | "relation";

/** A place that matches. */
export interface Poi {
  type: OsmType;
  id: number;
  tags: Record<string, string>;
  lat: number;
  lng: number;
}

export interface Found {
  pois: Poi[];
  /** Ways and relations that match, and of which the file has no nodes. */
  without: number;
}

/** A way or relation that matches, until its place is known. */
interface Shape {
  type: OsmType;
  id: number;
  tags: Record<string, string>;
  ways: number[];
  nodes: number[];
}

/** What the first pass tells the others. */
interface First {
  pois: Poi[];
  shapes: Shape[];
  /** Blocks with nodes, and with ways. */
  nodes: Packed[];
  ways: Packed[];
}

/**
 * Finds the places of a file. It is read up to three times, in a memory that grows with what matches, and by some bytes for each of
 * its blocks: once for what matches, once for the ways of relations, once for the nodes of both. A pass reads no blocks of other
 * things.
 */
export async function findPois(path: string, wanted: Wanted, progress: Progress): Promise<Found> {
  const file = openOsmFile(path);
  try {
    refuseUnknown(path, await file.requiredFeatures());
    const first = await pass(file, file.data(), progress("bytes", file.bytes), collect(matcherOf(wanted)));
    const { shapes } = first;
    const wayRefs = await refsOf(file, first, progress);
    for (const shape of shapes)
      shape.nodes = [...shape.nodes, ...shape.ways.flatMap((way) => wayRefs.get(way) ?? [])];
    const places = await placesOf(file, first, progress);
    const placed = shapes.flatMap(({ type, id, tags, nodes }): Poi[] => {
      const centre = centreOf(nodes.flatMap((node) => places.get(node) ?? []));
      return centre ? [{ type, id, tags, ...centre }] : [];
    });
    return { pois: [...first.pois, ...placed], without: shapes.length - placed.length };
  } finally {
    file.close();
  }
}

function refuseUnknown(path: string, features: string[]): void {
  const unknown = features.filter((feature) => !KNOWN_FEATURES.includes(feature));
  if (unknown.includes("HistoricalInformation")) {
    throw new Error(`${path} has the history of its places: take a file of how they are now.`);
  }
  if (unknown.length > 0) {
    throw new Error(
      `${path} needs a reader that knows ${unknown.join(", ")}: osmium cat -o plain.osm.pbf makes one without.`,
    );
  }
}

/** Reads blocks, each decoded by `read`. @returns what the last of them was given */
async function pass<Result>(
  file: OsmFile,
  blocks: Iterable<Packed>,
  bar: Bar,
  { result, read }: { result: Result; read(block: Block, packed: Packed): void },
): Promise<Result> {
  try {
    for await (const { packed, block } of file.unpacked(blocks)) {
      try {
        read(readBlock(block), packed);
      } catch (error) {
        throw file.broken(packed.at, `is none of OpenStreetMap: it ${(error as Error).message}`);
      }
      bar.add(packed.bytes);
    }
    return result;
  } finally {
    bar[Symbol.dispose]();
  }
}

function collect(matcherIn: (block: Block) => Matcher | undefined) {
  const result: First = { pois: [], shapes: [], nodes: [], ways: [] };
  return {
    result,
    read(block: Block, packed: Packed) {
      const fields = new Set(block.groups.map(({ field }) => field));
      if (fields.has(FIELD.node) || fields.has(FIELD.dense)) result.nodes.push(packed);
      if (fields.has(FIELD.way)) result.ways.push(packed);
      const match = matcherIn(block);
      if (match) collectMatches(block, match, result);
    },
  };
}

function collectMatches(block: Block, match: Matcher, { pois, shapes }: First): void {
  for (const { id, lat, lng, tags } of nodesOf(block, (tags) => match(tags) !== undefined)) {
    pois.push({ type: "node", id, tags: match(tags) ?? {}, lat, lng });
  }
  for (const { id, tags, refs } of waysOf(block)) {
    const named = match(tags);
    if (named) shapes.push({ type: "way", id, tags: named, ways: [], nodes: refs });
  }
  for (const { id, tags, members } of relationsOf(block)) {
    const named = match(tags);
    if (!named) continue;
    // Holes are inside of what is around them.
    const outer = members.filter(({ isWay, role }) => isWay && ["outer", ""].includes(textOf(block, role)));
    const nodes = outer.length > 0 ? [] : members.filter(({ isNode }) => isNode);
    shapes.push({
      ...{ type: "relation", id, tags: named },
      ways: outer.map((member) => member.id),
      nodes: nodes.map((member) => member.id),
    });
  }
}

/** The nodes of the ways of relations. */
async function refsOf(file: OsmFile, { shapes, ways }: First, progress: Progress) {
  const wanted = new Set(shapes.flatMap((shape) => shape.ways));
  const result = new Map<number, number[]>();
  if (wanted.size === 0) return result;
  return pass(file, ways, progress("bytes with ways", bytesOf(ways)), {
    result,
    read(block) {
      for (const { id, refs } of waysOf(block)) if (wanted.has(id)) result.set(id, refs);
    },
  });
}

interface Place {
  lat: number;
  lng: number;
}

async function placesOf(file: OsmFile, { shapes, nodes }: First, progress: Progress) {
  const wanted = new Set<number>();
  for (const shape of shapes) for (const node of shape.nodes) wanted.add(node);
  const result = new Map<number, Place>();
  if (wanted.size === 0) return result;
  return pass(file, nodes, progress("bytes with nodes", bytesOf(nodes)), {
    result,
    read(block) {
      for (const { id, lat, lng } of nodesWithIds(block, (id) => wanted.has(id)))
        result.set(id, { lat, lng });
    },
  });
}

const bytesOf = (blocks: Packed[]) => blocks.reduce((sum, { bytes }) => sum + bytes, 0);

/** The middle of the box around places, as Overpass has it (`out center`). */
function centreOf(places: Place[]): Place | undefined {
  const [first] = places;
  if (!first) return undefined;
  const box = { south: first.lat, north: first.lat, west: first.lng, east: first.lng };
  for (const { lat, lng: told } of places) {
    // Across the 180th meridian, the shorter way round.
    const lng = told + 360 * Math.round((first.lng - told) / 360);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
    box.west = Math.min(box.west, lng);
    box.east = Math.max(box.east, lng);
  }
  const lng = (box.west + box.east) / 2;
  return { lat: (box.south + box.north) / 2, lng: lng - 360 * Math.round(lng / 360) };
}
