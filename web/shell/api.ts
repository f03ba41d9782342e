import { errorOf } from "../client/error.js";
import { type Answers, ApiError, type Client, createClient } from "../client/index.js";
import type { Query } from "../client/request.js";
import { askForKey, storedKey } from "./key.ts";
import { noteSignedIn, signIn } from "./sign-in.ts";

export type { Answers, Query };
export { ApiError };

/** The API of where this page comes from, with the key of this tab. */
export const client: Client = createClient({ url: location.origin, key: storedKey });

/**
 * Asks the API, e.g. `ask("Coverage", "/v1/coverage", { from, to })`.
 * @throws {ApiError} a refused key also opens the key form
 */
export function ask<N extends keyof Answers>(
  name: N,
  path: string,
  query: Query = {},
  options: { signal?: AbortSignal } = {},
): Promise<Answers[N]> {
  return client.get(name, path, query, options).then((answer) => {
    noteSignedIn();
    return answer;
  }, noteRefusal);
}

/**
 * Changes something. `T` is the answer's schema, e.g. `send<Answers["JobRequested"]>("POST", "/v1/jobs/trips/run")`.
 * @throws {ApiError}
 */
export async function send<T>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  return (await client.send(method, path, body, headers).catch(noteRefusal)) as T;
}

/**
 * Saves an answer as a file: a link alone would not carry the key.
 * @throws {ApiError}
 */
export async function download(path: string, query: Query, fileName: string): Promise<void> {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  const key = storedKey();
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const file = await fetch(address, { headers, redirect: "manual", cache: "no-store" })
    .catch(() => {
      throw new ApiError({ code: "no_connection", title: "No connection" });
    })
    .then(fileIn)
    .catch(noteRefusal);
  save(file, fileName);
}

/** Hands a file to the browser's downloads. */
export function save(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function fileIn(response: Response): Promise<Blob> {
  if (response.type === "opaqueredirect") throw new ApiError({ code: "signed_out", title: "Signed out" });
  if (!response.ok) throw await errorOf(response);
  return response.blob().catch(() => {
    throw new ApiError({ code: "no_connection", title: "The file broke off" });
  });
}

/** A key that admits nobody is asked for anew, wherever it shows. What it may not do is for the asker to say. */
function noteRefusal(error: unknown): never {
  if (error instanceof ApiError) {
    if (error.status === 401) askForKey(error);
    if (error.code === "signed_out") signIn();
  }
  throw error;
}
