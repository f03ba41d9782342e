import type { ApiContext } from "./context.ts";

/**
 * The tags, without quotes, of which the client has a copy (RFC 9110, If-None-Match), or any for `*`. Weak and strong
 * ones are the same here, since the edge makes a strong tag weak when it compresses.
 */
export function knownTags(ifNoneMatch: string | undefined): string[] | "any" {
  if (ifNoneMatch?.trim() === "*") return "any";
  return ifNoneMatch?.match(/"[^"]*"/g)?.map((tag) => tag.slice(1, -1)) ?? [];
}

/** Whether the client's copy is the current one. */
export function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = knownTags(ifNoneMatch);
  return known === "any" || known.includes(etag.replace(/^W\//, "").slice(1, -1));
}

/**
 * Answers a text with the ETag that it makes, or 304 to whoever has it already.
 * @param cacheControl As it is for what changes with the deployment only; what asks for a key is `private`.
 */
export async function answerUnlessCurrent(
  c: ApiContext,
  text: string,
  contentType: string,
  cacheControl = "no-cache",
): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const etag = `"${btoa(String.fromCharCode(...new Uint8Array(digest, 0, 16)))}"`;
  const headers = { etag, "cache-control": cacheControl };
  if (isCurrent(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, "content-type": contentType });
}
