/** What can be made to go wrong. */
export const FAULT_KINDS = [
  "unable", // an honest answer: no address is known there
  "http400",
  "http403",
  "http429",
  "http500",
  "html",
  "truncated-json",
  "huge",
  "hostile-name", // controls, line breaks, 5,000 characters
  "redirect",
  "slow",
  "reset",
] as const;

/** A fault, for requests of one whole degree of latitude (`-3` is from -3 to just below -2), or for all. */
export interface Fault {
  kind: (typeof FAULT_KINDS)[number];
  band?: number;
  /** Requests left to spoil; absent means for ever. */
  times?: number;
  /** With `http429`. */
  retryAfterS?: number;
  /** With `slow`. */
  delayMs?: number;
}

/** What is sent: an answer after a delay, or nothing but a closed connection. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | null;
  delayMs: number;
}

const SLOW_MS = 15_000;
const HUGE_BYTES = 2_000_000;
const HOSTILE_NAME = `\u0000 <script>alert(1)</script>\r\n\u202eevil${" Long Road".repeat(500)}`;

/** An answer in JSON. */
export function jsonReply(body: unknown, status = 200): Reply {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status, headers, body: JSON.stringify(body), delayMs: 0 };
}

/** The answer that a request would have got, spoilt. */
export function spoil(fault: Fault, name: string): Reply {
  const good = jsonReply({ display_name: name });
  switch (fault.kind) {
    case "unable":
      return jsonReply({ error: "Unable to geocode" });
    case "http400":
      return jsonReply({ error: { code: 400, message: "Parameter 'lat' must be a number." } }, 400);
    case "http403":
      return page(403, "403 Access blocked");
    case "http429": {
      const reply = page(429, "429 Too Many Requests");
      if (fault.retryAfterS !== undefined) reply.headers["retry-after"] = String(fault.retryAfterS);
      return reply;
    }
    case "http500":
      return page(500, "500 Internal Server Error");
    case "html":
      return page(200, "Welcome");
    case "truncated-json":
      return { ...good, body: (good.body ?? "").slice(0, 20) };
    case "huge":
      return jsonReply({ display_name: "x".repeat(HUGE_BYTES) });
    case "hostile-name":
      return jsonReply({ display_name: HOSTILE_NAME });
    case "redirect":
      return { status: 302, headers: { location: "/reverse?redirected=1" }, body: "", delayMs: 0 };
    case "slow":
      return { ...good, delayMs: fault.delayMs ?? SLOW_MS };
    case "reset":
      return { ...good, body: null };
  }
}

function page(status: number, title: string): Reply {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { "content-type": "text/html" }, body, delayMs: 0 };
}
