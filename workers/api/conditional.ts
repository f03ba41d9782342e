import type { ApiContext } from "./context.ts";

/**
 * Whether the client's copy is the current one (RFC 9110, If-None-Match): a list of tags or `*`, compared weakly, since
 * the edge makes a strong tag weak when it compresses.
 */
export function isCurrent(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const tags: string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return tags.includes(etag.replace(/^W\//, ""));
}

/** Answers a text that changes with the deployment only: with its ETag, or 304 to whoever has it already. */
export async function answerUnlessCurrent(
  c: ApiContext,
  text: string,
  contentType: string,
): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const etag = `"${btoa(String.fromCharCode(...new Uint8Array(digest, 0, 16)))}"`;
  const headers = { etag, "cache-control": "no-cache" };
  if (isCurrent(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, "content-type": contentType });
}
