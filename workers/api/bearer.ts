import type { z } from "zod";
import { nowMs } from "../../shared/time.ts";
import type { ApiContext } from "./context.ts";

/** How long an edge location may go on admitting a key or a token after its record changed. */
const CACHE_S = 60;

/** What a request shows to be let in: a key or a token. */
export const bearerOf = (c: ApiContext): string | undefined =>
  /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];

/** Where a request came from; empty where the edge does not say. */
export const addressOf = (c: ApiContext): string => c.req.header("cf-connecting-ip") ?? "";

/** The record that is kept under a name, of a key or of an analyst; null where there is none. */
export async function findRecord<Kept>(env: Env, name: string, form: z.ZodType<Kept>): Promise<Kept | null> {
  const stored = await env.KEYS.get(name, { type: "json", cacheTtl: CACHE_S });
  const read = form.safeParse(stored);
  return read.success ? read.data : null;
}

export const hasExpired = (expiresAt: string | null): expiresAt is string =>
  expiresAt !== null && Date.parse(expiresAt) <= nowMs();
