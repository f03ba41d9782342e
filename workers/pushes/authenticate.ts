import { createHash, timingSafeEqual } from "node:crypto";
import { PUSH_TOKEN, type PushConfig } from "../../shared/config.ts";
import { bearerOf } from "../../shared/requests.ts";

/** Failed authentications of an address in a window of so many seconds, as `wrangler.toml` has them. */
export const PUSH_LIMITS = { PUSH_LIMITER: { quota: 20, windowS: 60 } } as const;

/** Tells whether a text is one of the tokens, in a time that says nothing about them. */
export type TokenCheck = (text: string) => boolean;

const checks = new WeakMap<PushConfig, TokenCheck>();

/** The check for the tokens of a configuration: the current one and the one before. */
export function tokenCheck(config: PushConfig): TokenCheck {
  let check = checks.get(config);
  if (check === undefined) {
    const known = config.PUSH_TOKENS.map(digest);
    check = (text) => {
      // What cannot be a token, as most of what is asked about, need not be digested.
      if (!PUSH_TOKEN.test(text)) return false;
      const given = digest(text);
      // Every token is compared, whichever fits.
      return known.reduce((found, token) => timingSafeEqual(token, given) || found, false);
    };
    checks.set(config, check);
  }
  return check;
}

/** A text without any of the tokens: what is kept must not hold them, wherever the vendor put them. */
export function withoutTokens(text: string, { PUSH_TOKENS }: PushConfig): string {
  return PUSH_TOKENS.reduce((kept, token) => kept.replaceAll(token, "…"), text);
}

/** Digests have one length, whatever is compared. */
const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();

/** Whether a token that came in query or headers is one of ours. */
export function hasTokenBeside(request: Request, url: URL, isToken: TokenCheck): boolean {
  const given = [url.searchParams.get("token"), request.headers.get("x-push-token"), bearerOf(request)];
  return given.some((token) => typeof token === "string" && isToken(token));
}
