/**
 * Why there is no answer: the server's own codes, and these of the client.
 * - `no_connection`: the server was not reached
 * - `no_answer`: it did not answer in time
 * - `unreadable_answer`: what came is not what the document promises
 * - `signed_out`: a sign-in page stands before the server
 * - `line_broken`: the stream ended or fell silent
 * - `key_gone`: the stream was ended because its key expired or was revoked
 * - `unknown`: an error without a code, of whatever stands between
 * @typedef {import("./answers.d.ts").Problem["code"] | "no_connection" | "no_answer" | "unreadable_answer" | "signed_out" | "line_broken" | "key_gone" | "unknown"} ErrorCode
 */

/** A call that failed. */
export class ApiError extends Error {
  /** @override */
  name = "ApiError";

  /**
   * @param {object} facts
   * @param {ErrorCode} facts.code
   * @param {string} facts.title
   * @param {string} [facts.detail]
   * @param {string | null} [facts.requestId]
   * @param {number} [facts.status]
   * @param {number | null} [facts.retryAfterS]
   */
  constructor({ code, title, detail = "", requestId = null, status = 0, retryAfterS = null }) {
    super(detail ? `${title}: ${detail}` : title);
    /** Stable; switch over it. */
    this.code = code;
    /** In words. */
    this.title = title;
    /** What to do about it. */
    this.detail = detail;
    /** Names the request in the server's log. */
    this.requestId = requestId;
    /** Of HTTP; 0 without an answer. */
    this.status = status;
    /** Ask again no earlier; null where the server does not say. */
    this.retryAfterS = retryAfterS;
  }

  /** Whether it is the key that is refused: asking again with the same one is of no use. */
  get isRefusal() {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * The error that an answer tells of.
 * @param {Response} response
 * @returns {Promise<ApiError>}
 */
export async function errorOf(response) {
  const { status, headers } = response;
  /** @type {Partial<import("./answers.d.ts").Problem> | null} */
  const problem = await response.json().catch(() => null);
  const retryAfterS = Number(headers.get("retry-after") ?? Number.NaN);
  return new ApiError({
    code: problem?.code ?? "unknown",
    title: problem?.title ?? `Error ${status}`,
    detail: problem?.detail ?? "",
    requestId: problem?.requestId ?? null,
    status,
    retryAfterS: Number.isFinite(retryAfterS) ? retryAfterS : null,
  });
}
