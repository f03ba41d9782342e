import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { ASSETS, type Files } from "./files.ts";

/** What gets smaller; workers/api/files.ts has the same kinds. */
const PACKED = [".css", ".html", ".js", ".json", ".mjs", ".svg", ".ts"];

/**
 * Adds to every file of text the same packed with Brotli, as hard as that can: MapLibre's 1.6 MB take 3 s so, once, and are
 * 364 KB; the edge packs on the way to 408 KB.
 * @param folder What was built last: what is named there by its content is taken from there.
 */
export async function pack(folder: string, files: Files): Promise<Files> {
  const texts = [...files].filter(([name]) => PACKED.includes(extname(name)));
  const packed = await Promise.all(
    texts.map(async ([name, content]): Promise<[string, Uint8Array]> => {
      const packedName = `${name}.br`;
      const before = name.startsWith(`${ASSETS}/`)
        ? await readFile(join(folder, packedName)).catch(() => null)
        : null;
      return [packedName, before ?? (await brotli(content))];
    }),
  );
  return new Map([...files, ...packed]);
}

function brotli(content: Uint8Array): Promise<Uint8Array> {
  return promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
    },
  });
}
