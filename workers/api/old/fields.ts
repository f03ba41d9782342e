import { ApiProblem } from "../../../shared/errors.ts";
import { readBody } from "../../pushes/read-body.ts";
import type { ApiContext } from "../context.ts";

/** Larger than any form of theirs. */
const MOST_BODY_BYTES = 64_000;

/** Fields in which a form may carry its filters as JSON. */
const NESTED = new Set(["filters", "filter", "data", "params"]);

/**
 * The fields of a request, from its query and its body, be that JSON or a form: a browser posts a form, and read as JSON it is
 * no filter at all.
 * @throws ApiProblem `invalid_request` for a body that is neither; `body_too_large`
 */
export async function fieldsOf(c: ApiContext): Promise<[string, unknown][]> {
  const query: [string, unknown][] = [...new URL(c.req.url).searchParams];
  const text = c.req.method === "POST" ? await readText(c.req.raw) : "";
  return [...query, ...(await bodyFields(text, c.req.header("content-type") ?? ""))].flatMap(unnest);
}

async function readText(request: Request): Promise<string> {
  const text = await readBody(request, MOST_BODY_BYTES);
  if (text === "too_long") {
    throw new ApiProblem("body_too_large", `A body has at most ${MOST_BODY_BYTES} bytes here.`);
  }
  if (text === "cut_off") throw new ApiProblem("invalid_request", "The body breaks off.");
  return text;
}

async function bodyFields(text: string, contentType: string): Promise<[string, unknown][]> {
  if (text.trim() === "") return [];
  // Pages that send JSON as plain text save themselves a preflight.
  if (/^\s*\{/.test(text)) {
    try {
      return Object.entries(JSON.parse(text) as object);
    } catch {
      throw new ApiProblem("invalid_request", "The body begins like JSON and is none.");
    }
  }
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType)) {
    throw new ApiProblem("invalid_request", "The body must be a JSON object or a form.");
  }
  try {
    return [...(await new Response(text, { headers: { "content-type": contentType } }).formData())];
  } catch {
    throw new ApiProblem("invalid_request", "The form breaks off.");
  }
}

function unnest([name, value]: [string, unknown]): [string, unknown][] {
  if (!NESTED.has(name.toLowerCase())) return [[name, value]];
  let inner = value;
  if (typeof value === "string" && /^\s*\{/.test(value)) {
    try {
      inner = JSON.parse(value);
    } catch {
      throw new ApiProblem("invalid_request", `${name}: begins like JSON and is none`);
    }
  }
  return typeof inner === "object" && inner !== null && !Array.isArray(inner)
    ? Object.entries(inner)
    : [[name, value]];
}
