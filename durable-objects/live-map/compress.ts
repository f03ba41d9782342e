import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Encoding } from "../../shared/live/query.ts";

/** Above this a body of thousands of vehicles would hold up the object: less compression, a third of the time. */
const LARGE_BYTES = 500_000;

/** Compresses a body. At 150 vehicles brotli saves a fifth over gzip. */
export function compress(body: Uint8Array, encoding: Encoding): Uint8Array {
  const large = body.byteLength > LARGE_BYTES;
  switch (encoding) {
    case "br":
      return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: large ? 3 : 6 } });
    case "gzip":
      return gzipSync(body, { level: large ? 3 : 6 });
    case "identity":
      return body;
  }
}
