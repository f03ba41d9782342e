import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { type KeyRecord, keyName, newKey } from "../../../shared/access.ts";
import { PROBLEMS, type ProblemCode } from "../../../shared/errors.ts";
import { unique } from "./fleet.ts";

export const ORIGIN = "https://api.example.com";

/** Makes a key, as `npm run keys` does. */
export async function makeKey(record: Partial<KeyRecord> = {}): Promise<string> {
  const key = newKey(record.kind === "pk" ? "pk" : "sk");
  const kept: KeyRecord = {
    id: unique("key"),
    kind: "sk",
    label: "test",
    scopes: ["read"],
    origins: [],
    createdAt: "2026-01-15T08:30:00.000Z",
    expiresAt: null,
    ...record,
  };
  await env.KEYS.put(await keyName(key), JSON.stringify(kept), { metadata: kept });
  return key;
}

/** Asks the Worker. */
export const ask = (path: string, init?: RequestInit) =>
  exports.default.fetch(new Request(`${ORIGIN}${path}`, init));

/** Someone with a secret key for reading. */
export async function reader(): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const key = await makeKey();
  return (path, init = {}) =>
    ask(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
}

/** Someone with a secret key for administration, and with nothing else. */
export async function admin(): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const key = await makeKey({ scopes: ["admin"] });
  return (path, init = {}) =>
    ask(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` } });
}

/**
 * Asks for a path until a copy of it is good: what other tests do at the same time may change the answer in between.
 * @returns the copy's tag
 */
export async function currentTag(get: Awaited<ReturnType<typeof reader>>, path: string): Promise<string> {
  for (let tries = 0; tries < 30; tries += 1) {
    const tag = (await get(path)).headers.get("etag") ?? "";
    const again = await get(path, { headers: { "if-none-match": tag } });
    if (again.status !== 304) continue;
    expect(again.headers.get("cache-control")).toBe("private, no-cache");
    return tag;
  }
  throw new Error(`No copy of ${path} is ever good`);
}

/** A body of JSON, to be posted. */
export const posted = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** A query string of these values. */
export const query = (values: Record<string, string>) => `?${new URLSearchParams(values)}`;

const INTERNALS =
  /\bselect\b|\binsert\b|tracksolid\.|reporting\.|pg_|postgres|SQLSTATE|syntax error|\.tsx?\b|\n\s+at |node_modules|Error:/i;

/** Checks that an answer is this problem, complete and without internals. @returns Its detail. */
export async function expectProblem(response: Response, code: ProblemCode): Promise<string> {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: PROBLEMS[code].status });
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const problem = JSON.parse(text) as { detail: string };
  expect(problem).toEqual({
    type: `${ORIGIN}/docs#${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    detail: expect.stringMatching(/./),
    requestId: response.headers.get("x-request-id"),
  });
  expect(text).not.toMatch(INTERNALS);
  return problem.detail;
}
