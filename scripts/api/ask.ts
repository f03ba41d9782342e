import * as z from "zod";
import { complaintOf, strangerAt, unansweredBy } from "./complaint.ts";
import type { Api } from "./open.ts";

/** Longer than the API itself waits for a database that hangs. */
const PATIENCE_MS = 45_000;

/** What the API says at a path; null where it knows nothing of it. @throws with what else it said */
export async function askApi<Schema extends z.ZodType>(
  { url, key }: Api,
  path: string,
  schema: Schema,
  method: "GET" | "POST" = "GET",
): Promise<z.output<Schema> | null> {
  const headers = { authorization: `Bearer ${key}` };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url + path, { method, headers, signal }).catch((error: Error) => {
    throw new Error(unansweredBy(url, error));
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 404 && notKnown.safeParse(body).success) return null;
  if (!response.ok) throw new Error(complaintOf(url + path, response.status, body));
  const read = schema.safeParse(body);
  if (!read.success) throw new Error(strangerAt(url + path));
  return read.data;
}

const notKnown = z.object({ code: z.literal("not_found") });
