/**
 * Stands in the bundle for fflate, with which pmtiles unpacks where there is no DecompressionStream: in Workers there is one.
 * wrangler.toml has the bundle take this; tests use the package itself.
 */
export function decompressSync() {
  throw new Error("There is a DecompressionStream here: nothing is unpacked without it");
}
