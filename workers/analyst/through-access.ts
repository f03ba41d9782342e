import { verifyWithJwks } from "hono/jwt";
import * as z from "zod";
import type { AccessConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { log } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";

/** What Access adds to a request that it lets through. */
export const ASSERTION = "cf-access-jwt-assertion";

/** Access changes its keys every six weeks, and shows the next one before. */
const KEYS_FOR_MS = 10 * 60_000;

const claims = z.object({ email: z.email() });
const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });

/** Of the isolate: they are the same for whoever asks. */
let known: { team: string; atMs: number; keys: z.output<typeof keySet>["keys"] } | null = null;

/**
 * The e-mail address of whoever came through Cloudflare Access; null where its word for it is not good.
 * @throws ApiProblem `sign_in_unavailable` while nobody can tell whether it is.
 */
export async function whoCameThrough(
  assertion: string,
  { team, audience }: AccessConfig,
): Promise<string | null> {
  const keys = await keysOf(team);
  try {
    const payload = await verifyWithJwks(assertion, {
      keys: keys as never,
      allowedAlgorithms: ["RS256"],
      verification: { iss: team, aud: audience },
    });
    return claims.parse(payload).email.toLowerCase();
  } catch (error) {
    // Its message may hold the assertion.
    log("warn", "access_refused", { error: error instanceof Error ? error.name : "unknown" });
    return null;
  }
}

async function keysOf(team: string) {
  if (known !== null && known.team === team && nowMs() - known.atMs < KEYS_FOR_MS) return known.keys;
  try {
    const response = await fetch(`${team}/cdn-cgi/access/certs`, { signal: AbortSignal.timeout(5_000) });
    const { keys } = keySet.parse(await response.json());
    known = { team, atMs: nowMs(), keys };
    return keys;
  } catch (error) {
    throw new ApiProblem("sign_in_unavailable", "Try again in a few seconds.", { "retry-after": "5" }, error);
  }
}
