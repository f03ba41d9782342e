import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from "../../../shared/errors.ts";
import { type ApiDocument, complaintOf, type Place } from "./document.ts";
import type { WireAnswer, WireRequest } from "./send.ts";

const INTERNALS =
  /\bselect\b|\binsert\b|tracksolid\.|reporting\.|pg_|postgres|SQLSTATE|syntax error|\.tsx?\b|\n\s+at |node_modules|Error:/i;

/** Beyond it the platform refuses a URL by itself, before the Worker sees it. */
const PLATFORM_URL_BYTES = 16_384;

interface Problem {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  requestId: string;
}

/**
 * Throws when an answer is not what the document promises for the operation: its status, its type, its body, and for a
 * method that is not documented, 405. A failure on our side is never right while everything is up.
 */
export function checkAnswer(
  document: ApiDocument,
  { method, path }: Place,
  request: WireRequest,
  answer: WireAnswer,
): void {
  const refuse = (why: string) => {
    const { status, headers, text } = answer;
    throw new Error(
      `${why}\n${JSON.stringify(request).slice(0, 2_000)}\n${status} ${JSON.stringify(headers)}\n${text.slice(0, 2_000)}`,
    );
  };
  const type = answer.headers["content-type"]?.split(";")[0] ?? "";
  if (answer.status === 414 && request.target.length > PLATFORM_URL_BYTES) return;
  if (!/^[0-9a-f-]{36}$/.test(answer.headers["x-request-id"] ?? "")) refuse("has no request id");
  if (type === "application/problem+json" && request.method !== "HEAD") {
    const wrong = complaintOfProblem(answer);
    if (wrong !== undefined) refuse(wrong);
  }
  if (answer.status >= 500) refuse("fails");
  const asked = request.method === "HEAD" ? "get" : request.method.toLowerCase();
  const operation = document.paths[path]?.[asked];
  if (operation === undefined) {
    if (answer.status !== 405) refuse("is not documented, but served");
    if (!answer.headers.allow?.split(", ").includes(method)) refuse("does not say which methods there are");
    return;
  }
  const documented = operation.responses[answer.status];
  if (documented === undefined) {
    refuse("has a status that is not documented");
    return;
  }
  const { content } = documented;
  if (content === undefined || request.method === "HEAD") {
    if (answer.text !== "") refuse("has a body");
    return;
  }
  const media = content[type];
  if (media === undefined) {
    refuse("has a type that is not documented");
    return;
  }
  const wrong = complaintOf(document, media, type.endsWith("json") ? JSON.parse(answer.text) : answer.text);
  if (wrong !== undefined) refuse(`is not as its schema says: ${wrong}`);
}

function complaintOfProblem({ status, headers, text }: WireAnswer): string | undefined {
  const problem = JSON.parse(text) as Problem;
  if (!PROBLEM_CODES.includes(problem.code)) return `has the unknown code ${problem.code}`;
  const { status: expected, title } = PROBLEMS[problem.code];
  if (status !== expected || problem.status !== expected || problem.title !== title) {
    return "is another status or title than its code";
  }
  if (!problem.type.endsWith(`/docs#${problem.code}`)) return "has a type that leads nowhere";
  if (problem.requestId !== headers["x-request-id"]) return "has another request id in its body";
  if (INTERNALS.test(text)) return "shows internals";
  return undefined;
}
