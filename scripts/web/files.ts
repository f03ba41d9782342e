import { createHash } from "node:crypto";

/** Files of the built console, by their paths below dist/web. */
export type Files = Map<string, Uint8Array>;

/** Where files lie whose names tell what is in them: browsers keep them for ever. */
export const ASSETS = "assets";

/** A part of a name that is another one as soon as the content is. */
export function hashOf(...contents: Uint8Array[]): string {
  const digest = createHash("sha256");
  for (const content of contents) digest.update(content);
  return digest.digest("hex").slice(0, 10);
}
