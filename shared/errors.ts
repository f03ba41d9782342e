/** Everything that can go wrong for a caller of the API. Codes are stable; clients may switch over them. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not valid" },
  key_required: { status: 401, title: "An API key is required" },
  key_unknown: { status: 401, title: "The API key is not known" },
  key_expired: { status: 401, title: "The API key has expired" },
  origin_not_allowed: { status: 403, title: "The API key is not for this origin" },
  ticket_invalid: { status: 401, title: "The stream's URL is not valid any more" },
  scope_missing: { status: 403, title: "The API key lacks a scope" },
  not_found: { status: 404, title: "There is nothing here" },
  method_not_allowed: { status: 405, title: "The method is not allowed here" },
  upgrade_required: { status: 426, title: "A WebSocket was expected" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something failed on our side" },
  misconfigured: { status: 500, title: "This deployment is not configured" },
  database_unavailable: { status: 503, title: "The database does not answer" },
  live_map_unavailable: { status: 503, title: "The live map knows nothing yet" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

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

  /** The body of the answer, `application/problem+json` (RFC 9457). */
  toBody(requestId: string) {
    const { status, title } = PROBLEMS[this.code];
    return { type: "about:blank", title, status, code: this.code, detail: this.message, requestId };
  }
}
