import * as z from "zod";
import { complaintOf, strangerAt, unansweredBy } from "./complaint.ts";
import type { Api } from "./open.ts";

/** Longer than the API itself waits for a database that hangs. */
const PATIENCE_MS = 45_000;

/** An answer that is no success; the message is what it says. */
export class Refused extends Error {
  override name = "Refused";
  readonly status: number;
  /** When to come again; null where it does not say. */
  readonly retryAfterS: number | null;

  constructor(message: string, { status, headers }: Response) {
    super(message);
    this.status = status;
    this.retryAfterS = Number(headers.get("retry-after")) || null;
  }
}

/** What the API says at a path; null where it knows nothing of it. @throws with what else it said, {@link Refused} among it */
export async function askApi<Schema extends z.ZodType>(
  { url, key }: Api,
  path: string,
  schema: Schema,
  method: "GET" | "POST" = "GET",
  body?: object,
): Promise<z.output<Schema> | null> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const sent = { method, headers, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(url + path, sent).catch((error: Error) => {
    throw new Error(unansweredBy(url, error));
  });
  const told: unknown = await response.json().catch(() => null);
  if (response.status === 404 && notKnown.safeParse(told).success) return null;
  if (!response.ok) throw new Refused(complaintOf(url + path, response.status, told), response);
  const read = schema.safeParse(told);
  if (!read.success) throw new Error(strangerAt(url + path));
  return read.data;
}

const notKnown = z.object({ code: z.literal("not_found") });
