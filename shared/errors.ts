/** A code of the closed list: its HTTP status, its title, and what a caller who meets it does next. */
interface ProblemKind {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 412 | 413 | 414 | 426 | 429 | 500 | 501 | 503;
  title: string;
  remedy: string;
}

/** Everything that can go wrong for a caller of the API. Codes are stable; clients may switch over them. */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: "The request is not valid",
    remedy: "`detail` names every parameter that is wrong and what it must be. Change the request.",
  },
  key_required: {
    status: 401,
    title: "An API key is required",
    remedy: "Send the header `Authorization: Bearer <key>`. Whoever runs this service makes keys.",
  },
  key_unknown: {
    status: 401,
    title: "The API key is not known",
    remedy: "The key is mistyped, revoked, or of another environment. Check it, or ask for a new one.",
  },
  key_expired: {
    status: 401,
    title: "The API key has expired",
    remedy: "Ask for a new key. `detail` says since when this one does not work.",
  },
  ticket_invalid: {
    status: 401,
    title: "The stream ticket is not valid",
    remedy: "The URL of a stream opens it for a minute. Ask `/v1/live/stream-url` for a new one.",
  },
  origin_not_allowed: {
    status: 403,
    title: "The API key is not for this origin",
    remedy: "A publishable key works from the pages it was made for. Elsewhere, use a secret key.",
  },
  scope_missing: {
    status: 403,
    title: "The API key lacks a scope",
    remedy: "`detail` names the scope. Ask for a key that has it.",
  },
  not_found: {
    status: 404,
    title: "There is nothing here",
    remedy: "Check path and identifier; upper and lower case count. This page lists every path.",
  },
  method_not_allowed: {
    status: 405,
    title: "The method is not allowed here",
    remedy: "The header `Allow` lists the methods that are.",
  },
  version_unknown: {
    status: 410,
    title: "The version is not of this database",
    remedy: "The database was set back to a backup, or the number is wrong. Begin again with version 0.",
  },
  conflict: {
    status: 409,
    title: "Another one has that already",
    remedy: "`detail` names what has to be unique. Change it, or change the one that has it.",
  },
  belongs_elsewhere: {
    status: 409,
    title: "This belongs to another system",
    remedy: "It is only read here; `detail` says why. Write it where it belongs.",
  },
  changed_meanwhile: {
    status: 412,
    title: "Somebody has changed it meanwhile",
    remedy: "Read it again, and send your change with the new `ETag` in `If-Match`.",
  },
  body_too_large: {
    status: 413,
    title: "The body is too large",
    remedy: "Name fewer things at a time; `detail` says how large a body may be.",
  },
  uri_too_long: {
    status: 414,
    title: "The URL is too long",
    remedy: "Ask for fewer values at a time, or for all of them, and choose on your side.",
  },
  upgrade_required: {
    status: 426,
    title: "A WebSocket is expected here",
    remedy: "Connect with a WebSocket client (`wss://`), not with a plain request.",
  },
  too_many_requests: {
    status: 429,
    title: "Too many requests",
    remedy:
      "Wait as many seconds as `Retry-After` says. `RateLimit-Policy` says how many requests (`q`) are good in how many seconds (`w`).",
  },
  internal: {
    status: 500,
    title: "Something failed on our side",
    remedy: "Try once more. If it fails again, report the request id: the log has the cause under it.",
  },
  misconfigured: {
    status: 500,
    title: "This deployment is not configured",
    remedy: "Nothing a caller can cure. Whoever runs this service finds what is missing in its log.",
  },
  not_here: {
    status: 501,
    title: "This environment only reads",
    remedy: "It reads a database that another environment owns and writes. Ask that one.",
  },
  database_unavailable: {
    status: 503,
    title: "The database does not answer",
    remedy: "Nothing is wrong with the request. Send it again after `Retry-After` seconds.",
  },
  sign_in_unavailable: {
    status: 503,
    title: "Who is signed in cannot be checked now",
    remedy:
      "Cloudflare Access does not answer with its keys. Nothing is wrong with the request. Send it again after `Retry-After` seconds.",
  },
  live_map_unavailable: {
    status: 503,
    title: "The live map knows nothing yet",
    remedy: "Nothing is wrong with the request. Send it again after `Retry-After` seconds.",
  },
  base_map_unavailable: {
    status: 503,
    title: "The base map cannot be read",
    remedy:
      "Nothing is wrong with the request. Show the map without it, and send it again after `Retry-After` seconds.",
  },
  vendor_unavailable: {
    status: 503,
    title: "Tracksolid does not answer now",
    remedy:
      "It is away, busy, or limits our calls. Send the request again after `Retry-After` seconds; what is known is read without it.",
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** Where a code is described, on the API that answered with it. */
export const problemType = (origin: string, code: ProblemCode) => `${origin}/docs#${code}`;

/** A failure that the caller is told about. `detail` is for them: it says what to do and holds no internals. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly code: ProblemCode;
  readonly headers: Record<string, string>;

  /** @param cause What is behind it, for the log and for reports. */
  constructor(code: ProblemCode, detail: string, headers: Record<string, string> = {}, cause?: unknown) {
    super(detail, { cause });
    this.code = code;
    this.headers = headers;
  }

  /** The body of the answer, `application/problem+json` (RFC 9457). `origin` is that of the request. */
  toBody(requestId: string, origin: string) {
    const { status, title } = PROBLEMS[this.code];
    const type = problemType(origin, this.code);
    return { type, title, status, code: this.code, detail: this.message, requestId };
  }
}
