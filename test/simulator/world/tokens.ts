import { randomBytes } from "node:crypto";

/** Shortest and longest lifetime a client may ask for, in seconds (reference §1.8). */
export const TOKEN_LIFETIME_S = { least: 60, most: 7200 };

export interface Token {
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
  issuedMs: number;
}

export interface TokenCounts {
  issued: number;
  refreshed: number;
  live: number;
  /** The most tokens that were ever live together. */
  liveMax: number;
}

/** The tokens of a world's login. */
export interface Tokens {
  issue(expiresInS: number): Token;
  /** Trades a pair for a new one; undefined when the pair is not known or was traded before. */
  refresh(accessToken: string, refreshToken: string, expiresInS: number): Token | undefined;
  isLive(accessToken: string): boolean;
  /** Expires every access token at once. Refresh tokens go on working, as after an ordinary expiry. */
  expireAll(): void;
  counts(): TokenCounts;
  /** Milliseconds since a token was last got (refreshing does not count); Infinity when never. */
  sinceLastIssueMs(): number;
}

/**
 * @param nowMs the world's transport clock
 * @param lifetimeCapS tokens live no longer, whatever is asked for
 * @param single a new token makes the older ones invalid, refresh tokens too (reference §1.8, rules)
 */
export function createTokens(nowMs: () => number, lifetimeCapS: number, single: boolean): Tokens {
  const pairs = new Map<string, Token & { expiresMs: number }>();
  const counts = { issued: 0, refreshed: 0, liveMax: 0 };
  let lastIssueMs = -Infinity;

  const live = (): number => [...pairs.values()].filter(({ expiresMs }) => expiresMs > nowMs()).length;

  const add = (expiresInS: number): Token => {
    if (single) pairs.clear();
    const token = {
      accessToken: randomBytes(16).toString("hex"),
      refreshToken: randomBytes(16).toString("hex"),
      expiresInS: Math.min(expiresInS, lifetimeCapS),
      issuedMs: nowMs(),
    };
    pairs.set(token.accessToken, { ...token, expiresMs: token.issuedMs + token.expiresInS * 1000 });
    counts.liveMax = Math.max(counts.liveMax, live());
    return token;
  };

  return {
    issue: (expiresInS) => {
      counts.issued++;
      lastIssueMs = nowMs();
      return add(expiresInS);
    },
    refresh: (accessToken, refreshToken, expiresInS) => {
      if (pairs.get(accessToken)?.refreshToken !== refreshToken) return undefined;
      pairs.delete(accessToken);
      counts.refreshed++;
      return add(expiresInS);
    },
    isLive: (accessToken) => (pairs.get(accessToken)?.expiresMs ?? 0) > nowMs(),
    expireAll: () => {
      for (const pair of pairs.values()) pair.expiresMs = 0;
    },
    counts: () => ({ ...counts, live: live() }),
    sinceLastIssueMs: () => nowMs() - lastIssueMs,
  };
}
