import { DurableObject } from "cloudflare:workers";
import { vendorConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import type { JimiSessionPort, Permit } from "../../shared/jimi/client.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { md5 } from "../../shared/jimi/sign.ts";
import { log } from "../../shared/log.ts";
import { VendorCalls } from "../../shared/points.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { afterFailure, type BreakerState } from "./breaker.ts";
import { type Credentials, type Grant, getToken, refreshToken, type Token } from "./token.ts";
import { type Taken, type TokenRow, TokenShare } from "./token-share.ts";

/** Between two calls of one credential. The vendor publishes no figure; 500 ms is proven (reference §1.9). */
const PACE_MS = 500;

/** A caller that cannot start for so long is turned away and planned again by the next tick. */
const LONGEST_QUEUE_MS = 30_000;

/** Renewed when less than this remains, so that no call meets the end of its token. */
const RENEW_AHEAD_MS = 10 * 60_000;

/** After a failed renewal nobody asks again for so long; a living token is used meanwhile. */
const RENEW_RETRY_MS = 30_000;

/** Wrong credentials stay wrong, and the vendor counts failed logins. Corrected ones are tried at once. */
const CREDENTIALS_RETRY_MS = 5 * 60_000;

/** A token refused so soon after it was issued is not cured by refreshing it. */
const FRESH_MS = 60_000;

/** Breaker that stops every method: the vendor limits the address, not the method. */
const ALL_METHODS = "*";

/** Why no token could be had, and until when nobody tries again. */
interface FailedRenewal {
  failure: JimiFailure;
  /** ms */
  retryAt: number;
  /** Of the credentials it was tried with: corrected ones are tried at once. */
  credentialsDigest: string;
}

/** What a session says of itself. */
export interface SessionStatus {
  /** ms; null without a token. */
  tokenExpiresAt: number | null;
  /** Methods that nobody may call until then, ms; `*` is all of them. */
  closed: { method: string; until: number }[];
}

/** No token could be had: every poll fails. */
class TokenFailed extends Error {
  override name = "TokenFailed";
}

/**
 * The one place that holds the vendor's token for an app key and login account. It gives permits and hears
 * of outcomes; answers go past it. With `SHARE_TOKEN` the earlier system holds it too ({@link TokenShare}).
 *
 * Storage: `token` ({@link Token}), `breaker:<method>` ({@link BreakerState}), `next` (ms: earliest start
 * of the next call, so that an eviction causes no burst), `renewal` ({@link FailedRenewal}), `share` (what is known of
 * the shared row).
 */
export class JimiSession extends DurableObject<Env> implements JimiSessionPort {
  #renewal: Promise<JimiFailure | null> | undefined;
  #shared: TokenShare | undefined;

  async permit(method: string, rejectedGeneration: number | null): Promise<Permit> {
    const closed = this.#closed(ALL_METHODS) ?? this.#closed(method);
    if (closed) return { granted: false, failure: closed };

    const share = this.#share();
    if (share?.isDue && this.#renewal === undefined) await share.takeTheirs();
    if (share?.missing) return { granted: false, failure: share.missing };

    let token = this.#token();
    if (token === undefined || this.#mustRenew(token, rejectedGeneration)) {
      const failure = await this.#renew(rejectedGeneration);
      const stopped = this.#closed(ALL_METHODS);
      if (stopped) return { granted: false, failure: stopped };
      token = this.#token();
      const usable = token && token.generation !== rejectedGeneration && token.expiresAt > nowMs();
      if (token === undefined || (failure !== null && !usable)) {
        return { granted: false, failure: failure ?? noToken };
      }
    }
    const notBefore = this.#nextStart();
    if (notBefore === null) {
      const message = `More than ${LONGEST_QUEUE_MS / 1000} s of calls are waiting for their turn`;
      return { granted: false, failure: { kind: "postponed", message } };
    }
    const reportSuccess = this.#breaker(method) !== undefined || this.#breaker(ALL_METHODS) !== undefined;
    return {
      granted: true,
      token: token.accessToken,
      generation: token.generation,
      notBefore,
      reportSuccess,
    };
  }

  /** What an operator may know of it. */
  async status(): Promise<SessionStatus> {
    const now = nowMs();
    const breakers = this.ctx.storage.kv.list<BreakerState>({ prefix: breakerKey("") });
    return {
      tokenExpiresAt: this.#token()?.expiresAt ?? null,
      closed: Array.from(breakers, ([key, { until }]) => ({
        method: key.slice(breakerKey("").length),
        until,
      })).filter(({ until }) => until > now),
    };
  }

  async report(method: string, failure: JimiFailure | null): Promise<void> {
    const scope = failure?.kind === "ip_limited" ? ALL_METHODS : method;
    if (failure === null) {
      this.ctx.storage.kv.delete(breakerKey(method));
      this.ctx.storage.kv.delete(breakerKey(ALL_METHODS));
      return;
    }
    const state = afterFailure(this.#breaker(scope) ?? null, failure, nowMs(), Math.random());
    if (state === null) return;
    this.ctx.storage.kv.put(breakerKey(scope), state);
    log("warn", "vendor_breaker", {
      method: scope,
      until: toIso(state.until),
      streak: state.streak,
      reason: state.reason,
    });
  }

  #mustRenew(token: Token, rejectedGeneration: number | null): boolean {
    if (rejectedGeneration !== null) return token.generation === rejectedGeneration;
    const aheadMs = Math.min(RENEW_AHEAD_MS, (token.expiresAt - token.issuedAt) / 3);
    return token.expiresAt - nowMs() < aheadMs;
  }

  /** Single flight: the input gate is open while the vendor is awaited, so the promise itself is shared. */
  async #renew(rejectedGeneration: number | null): Promise<JimiFailure | null> {
    const failed = this.ctx.storage.kv.get<FailedRenewal>("renewal");
    if (
      failed &&
      nowMs() < failed.retryAt &&
      // Further ahead than any pause: the clock was set back.
      failed.retryAt - nowMs() <= CREDENTIALS_RETRY_MS &&
      failed.credentialsDigest === digestOf(credentialsOf(this.env))
    ) {
      return failed.failure;
    }
    this.#renewal ??= this.#obtain(rejectedGeneration).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #obtain(rejectedGeneration: number | null): Promise<JimiFailure | null> {
    const credentials = credentialsOf(this.env);
    const old = this.#token();
    const refused = old?.generation === rejectedGeneration ? old : undefined;
    const outcome = await this.#next(credentials, old, refused);
    if (!outcome.ok) return this.#failed(outcome.failure, credentials);
    if (outcome.value === "taken") return null;
    const { accessToken, refreshToken: next, expiresIn } = outcome.value;
    const issuedAt = nowMs();
    const token = this.#keep({
      accessToken,
      refreshToken: next,
      issuedAt,
      expiresAt: issuedAt + expiresIn * 1000,
    });
    log("info", "vendor_token", {
      generation: token.generation,
      expiresAt: toIso(token.expiresAt),
      refused: rejectedGeneration,
    });
    await this.#share()?.tell(token, old);
    return null;
  }

  /** The token to go on with: the other client's, where it has put one into the shared row, or else one that the vendor gives. */
  async #next(
    credentials: Credentials,
    old: Token | undefined,
    refused: Token | undefined,
  ): Promise<Grant | Taken> {
    const share = this.#share();
    const theirs = await (refused ? share?.replace(refused) : share?.takeTheirs());
    if (theirs) return theirs;
    const refusedFresh = refused && nowMs() - refused.issuedAt < FRESH_MS;
    const refreshed = old && !refusedFresh ? await this.#refresh(credentials, old) : null;
    if (refreshed) return refreshed;
    // What cannot be refreshed is often what the other has just refreshed.
    const late = old && !refused ? await share?.awaitTheirs() : null;
    return late ?? this.#login(credentials);
  }

  #keep(given: Omit<Token, "generation">): Token {
    const token: Token = { ...given, generation: (this.#token()?.generation ?? 0) + 1 };
    this.ctx.storage.kv.delete("renewal");
    this.ctx.storage.kv.put("token", token);
    return token;
  }

  #failed(failure: JimiFailure, credentials: Credentials): JimiFailure {
    const pauseMs = failure.kind === "credentials" ? CREDENTIALS_RETRY_MS : RENEW_RETRY_MS;
    const renewal: FailedRenewal = {
      failure,
      retryAt: nowMs() + pauseMs,
      credentialsDigest: digestOf(credentials),
    };
    this.ctx.storage.kv.put("renewal", renewal);
    const { kind, message: reason } = failure;
    log("error", "vendor_token_failed", { kind, reason });
    reportFailure(this.env, {
      event: "vendor_token_failed",
      error: new TokenFailed(reason),
      alike: [kind],
      tags: { object: "JimiSession", errorCode: kind },
    });
    return failure;
  }

  /** Where the token is shared: what both clients know of it. */
  #share(): TokenShare | undefined {
    const { SHARE_TOKEN, TRACKSOLID_USER } = vendorConfig(this.env);
    if (SHARE_TOKEN === "off") return undefined;
    this.#shared ??= new TokenShare(this.tokenRow(), this.ctx.storage, TRACKSOLID_USER, {
      current: () => this.#token(),
      keep: (given) => this.#keep(given),
    });
    return this.#shared;
  }

  /** Where the shared token stands. */
  protected tokenRow(): TokenRow {
    const { SharedTokenRow } = this.ctx.exports;
    return {
      read: (account) => SharedTokenRow.read(account),
      write: (account, token, expected) => SharedTokenRow.write(account, token, expected),
    };
  }

  /** @returns null when a login has to be tried instead. */
  async #refresh(credentials: Credentials, token: Token): Promise<Grant | null> {
    const method = "jimi.oauth.token.refresh";
    if (token.refreshToken === "" || this.#closed(method)) return null;
    const grant = await this.#ask(method, () => refreshToken(credentials, token));
    return grant.ok ? grant : null;
  }

  /** The most rate-limited call there is: like every method it has a breaker of its own. */
  async #login(credentials: Credentials): Promise<Grant> {
    const method = "jimi.oauth.token.get";
    const closed = this.#closed(ALL_METHODS) ?? this.#closed(method);
    if (closed) return { ok: false, failure: closed };
    return this.#ask(method, () => getToken(credentials));
  }

  async #ask(method: string, call: () => Promise<Grant>): Promise<Grant> {
    const sentMs = nowMs();
    const grant = await call();
    this.#reserve(Math.max(this.#earliestStart(), nowMs() + PACE_MS));
    const failure = grant.ok ? null : grant.failure;
    const outcome = new VendorCalls();
    outcome.add(method, failure, nowMs() - sentMs);
    outcome.note(this.env);
    await this.report(method, failure);
    return grant;
  }

  /** Reserves the next start, or null when the queue is too long. */
  #nextStart(): number | null {
    const notBefore = this.#earliestStart();
    if (notBefore - nowMs() > LONGEST_QUEUE_MS) return null;
    this.#reserve(notBefore + PACE_MS);
    return notBefore;
  }

  #earliestStart(): number {
    const now = nowMs();
    const next = this.ctx.storage.kv.get<number>("next") ?? 0;
    // Further ahead than any reservation can be: the clock was set back.
    return next - now > LONGEST_QUEUE_MS + PACE_MS ? now : Math.max(now, next);
  }

  #reserve(nextStart: number): void {
    this.ctx.storage.kv.put("next", nextStart);
  }

  #token(): Token | undefined {
    return this.ctx.storage.kv.get<Token>("token");
  }

  #breaker(method: string): BreakerState | undefined {
    return this.ctx.storage.kv.get<BreakerState>(breakerKey(method));
  }

  #closed(method: string): JimiFailure | null {
    const state = this.#breaker(method);
    if (state === undefined || state.until <= nowMs()) return null;
    return { kind: "postponed", message: `${method} waits until ${toIso(state.until)}: ${state.reason}` };
  }
}

/** The session of the configured credential. All accounts share it. */
export function jimiSession(env: Env): DurableObjectStub<JimiSession> {
  const { TRACKSOLID_APP_KEY, TRACKSOLID_USER } = vendorConfig(env);
  // Near the vendor's European node: whoever polls first must not decide where it lives.
  return env.JIMI_SESSION.getByName(`${TRACKSOLID_APP_KEY}/${TRACKSOLID_USER}`, { locationHint: "weur" });
}

function credentialsOf(env: Env): Credentials {
  const config = vendorConfig(env);
  return {
    url: config.TRACKSOLID_API_URL,
    appKey: config.TRACKSOLID_APP_KEY,
    appSecret: config.TRACKSOLID_APP_SECRET,
    user: config.TRACKSOLID_USER,
    password: config.TRACKSOLID_PASSWORD,
  };
}

/** Tells one set of credentials from another without keeping it. */
function digestOf({ url, appKey, appSecret, user, password }: Credentials): string {
  return md5(JSON.stringify([url, appKey, appSecret, user, password]));
}

const noToken: JimiFailure = { kind: "token", message: "No token could be had" };

const breakerKey = (method: string) => `breaker:${method}`;
