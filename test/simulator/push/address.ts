import type { Kind } from "./message.ts";
import type { PushOptions } from "./options.ts";

/** Every so many bodies a mixed-case path ends with a slash. */
const SLASH_EVERY = 4;

export interface Address {
  url: string;
  headers: Record<string, string>;
  /** The token, when its place is the body. */
  bodyToken?: string;
}

/**
 * Where a body goes and how it shows that it may. Query parameter, header and body field are all called `token`.
 *
 * @param inBody whether the envelope has a place for a token
 */
export function addressOf(options: PushOptions, kind: Kind, inBody: boolean, number: number): Address {
  const { url, token, tokenIn, mixedCase } = options;
  const base = url.replace(/\/+$/, "");
  const path = mixedCase ? oddlyWritten(kind.path, number) : kind.path;
  if (token === undefined) return { url: `${base}${path}` || "/", headers: {} };
  switch (tokenIn) {
    case "query":
      return { url: `${base}${path}?token=${encodeURIComponent(token)}`, headers: {} };
    case "header":
      return { url: `${base}${path}`, headers: { token } };
    case "body":
      if (inBody) return { url: `${base}${path}`, headers: {}, bodyToken: token };
      break;
    case "path":
  }
  return { url: `${base}/${encodeURIComponent(token)}${path}`, headers: {} };
}

/** Receivers must ignore case and a trailing slash (reference §3.1). */
function oddlyWritten(path: string, number: number): string {
  const letters = [...path].map((letter, i) =>
    (i + number) % 3 === 0 ? letter.toUpperCase() : letter.toLowerCase(),
  );
  return `${letters.join("")}${path !== "" && number % SLASH_EVERY === 3 ? "/" : ""}`;
}
