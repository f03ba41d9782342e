import { Compression, type Header, PMTiles, ResolvedValueCache, TileType } from "pmtiles";
import * as z from "zod";
import { log, messageOf } from "../../../shared/log.ts";
import { mapConfig } from "../../../shared/map-config.ts";
import { nowMs } from "../../../shared/time.ts";
import { BucketSource, ReplacedMap, UnreadableMap } from "./source.ts";
import { unpack } from "./unpack.ts";

/** After so long the file is looked at anew: somebody may have put a newer map in its place. */
const KEPT_MS = 10 * 60_000;

/** A file that cannot be read is asked for again after so long; every tile of a view would ask for it otherwise. */
const REST_MS = 30_000;

/** Of a directory in memory: some 0.3 MB each. */
const MOST_DIRECTORIES = 16;

/** A PMTiles file whose header was read and found good. */
interface MapFile {
  tiles: PMTiles;
  /** Of the object that all of this was read from. */
  etag: string;
  header: Header;
  attribution: string | null;
  layers: string[];
}

/** A tile as the file holds it. */
export interface Tile {
  data: ArrayBuffer;
  isGzip: boolean;
  /** Of the file that it is from. */
  etag: string;
}

/** What the isolate knows of the file of a bucket. */
type Known = { key: string; untilMs: number } & ({ file: MapFile } | { reason: string });
const known = new WeakMap<R2Bucket, Known>();

const description = z.object({
  attribution: z.string().optional(),
  vector_layers: z.array(z.object({ id: z.string() })).default([]),
});

/** The file that `MAP_TILES` names, of which header and directories stay in memory; null where it names none. @throws UnreadableMap */
export async function openMapFile(env: Env): Promise<MapFile | null> {
  const { tilesKey: key } = mapConfig(env);
  if (key === null) return null;
  const last = known.get(env.BUCKET);
  if (last !== undefined && last.key === key && nowMs() < last.untilMs) {
    if ("file" in last) return last.file;
    throw new UnreadableMap(last.reason);
  }
  try {
    const file = await readMapFile(env.BUCKET, key);
    known.set(env.BUCKET, { key, untilMs: nowMs() + KEPT_MS, file });
    return file;
  } catch (error) {
    throw giveUp(env, key, error);
  }
}

/** A tile, or null where the file has none there. @throws UnreadableMap */
export async function readTile(env: Env, z: number, x: number, y: number): Promise<Tile | null> {
  for (let tries = 2; ; tries--) {
    const file = await openMapFile(env);
    if (file === null) return null;
    try {
      const found = await file.tiles.getZxy(z, x, y);
      return found === undefined
        ? null
        : { data: found.data, isGzip: file.header.tileCompression === Compression.Gzip, etag: file.etag };
    } catch (error) {
      if (!(error instanceof ReplacedMap) || tries === 1)
        throw giveUp(env, file.tiles.source.getKey(), error);
      known.delete(env.BUCKET);
    }
  }
}

/** Leaves the file alone for a while, and says in the log why. */
function giveUp(env: Env, key: string, error: unknown): UnreadableMap {
  const reason = messageOf(error) || "it was replaced while it was read";
  known.set(env.BUCKET, { key, untilMs: nowMs() + REST_MS, reason });
  log("error", "base_map_unreadable", { key, reason });
  return new UnreadableMap(reason, { cause: error });
}

async function readMapFile(bucket: R2Bucket, key: string): Promise<MapFile> {
  const source = new BucketSource(bucket, key);
  const directories = new ResolvedValueCache(MOST_DIRECTORIES, undefined, unpack);
  const header = await new PMTiles(source, directories).getHeader();
  const { tileType, tileCompression, tileDataOffset, tileDataLength = 0 } = header;
  if (header.specVersion !== 3) throw new UnreadableMap(`it is of version ${header.specVersion}, not 3`);
  if (tileType !== TileType.Mvt) throw new UnreadableMap("it holds no vector tiles");
  if (tileCompression !== Compression.None && tileCompression !== Compression.Gzip) {
    throw new UnreadableMap(`its tiles are packed in the way ${tileCompression}, and only gzip is served`);
  }
  if (tileDataOffset + tileDataLength > source.sizeBytes) throw new UnreadableMap("it is cut short");
  const told = description.safeParse(await new PMTiles(source, directories, unpack).getMetadata());
  if (!told.success) throw new UnreadableMap("its description is none");
  return {
    // Tiles are passed on as they are packed.
    tiles: new PMTiles(source, directories, async (data) => data),
    etag: source.etag ?? "",
    header,
    attribution: plainText(told.data.attribution ?? "") || null,
    layers: told.data.vector_layers.map(({ id }) => id),
  };
}

/** Files name their sources in HTML, which a page would have to trust. */
const plainText = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&copy;", "©")
    .replaceAll("&amp;", "&")
    .trim();
