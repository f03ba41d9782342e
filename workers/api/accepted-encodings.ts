import type { ApiContext } from "./context.ts";

/** In what ways a caller takes a body packed. The platform rewrites Accept-Encoding and keeps the client's own beside it. */
export function acceptedEncodings(c: ApiContext): string[] {
  const own = c.req.raw.cf?.clientAcceptEncoding;
  return (typeof own === "string" ? own : (c.req.header("accept-encoding") ?? ""))
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.replace(/\s*;.*$/, ""));
}
