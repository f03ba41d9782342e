import type { z } from "zod";
import { nowMs } from "../../shared/time.ts";

/** How long an edge location may go on admitting a key or a token after its record changed. */
const CACHE_S = 60;

/** The record that is kept under a name, of a key or of an analyst; null where there is none. */
export async function findRecord<Kept>(env: Env, name: string, form: z.ZodType<Kept>): Promise<Kept | null> {
  const stored = await env.KEYS.get(name, { type: "json", cacheTtl: CACHE_S });
  const read = form.safeParse(stored);
  return read.success ? read.data : null;
}

export const hasExpired = (expiresAt: string | null): expiresAt is string =>
  expiresAt !== null && Date.parse(expiresAt) <= nowMs();
