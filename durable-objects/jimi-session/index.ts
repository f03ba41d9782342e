import { DurableObject } from "cloudflare:workers";
import { vendorConfig } from "../../shared/config.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import type { JimiSessionPort, Permit } from "../../shared/jimi/client.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { md5 } from "../../shared/jimi/sign.ts";
import { log } from "../../shared/log.ts";
import { VendorCalls } from "../../shared/points.ts";
import { nowMs, sleep, toIso } from "../../shared/time.ts";
import { afterFailure, type BreakerState } from "./breaker.ts";
import { type Credentials, type Grant, getToken, LIFETIME_S, refreshToken, type Token } from "./token.ts";
import { type TokenRow, TokenShare } from "./token-share.ts";

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

/**
 * Where the token is shared and was refused, the other client has got a new one and puts it into the row at once, or nobody
 * has: so many looks at the row, so far apart, tell. To get one meanwhile would end the other's, and so on.
 */
const LOOKS_FOR_THEIRS = { times: 5, everyMs: 1_000 };

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
    if (share?.isDue && this.#renewal === undefined) await this.#takeTheirs(share);
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
    const share = this.#share();
    const old = this.#token();
    const isRefused = old !== undefined && old.generation === rejectedGeneration;
    if (share) {
      if (isRefused) share.bury(old);
      const theirs = await this.#takeTheirs(share, isRefused ? LOOKS_FOR_THEIRS.times : 1);
      if (theirs === "taken") return null;
      // A token that the other cannot be told of would end the other's.
      if (theirs !== "none") return this.#failed(theirs, credentials);
    }
    const refusedFresh = isRefused && nowMs() - old.issuedAt < FRESH_MS;
    let grant = old && !refusedFresh ? await this.#refresh(credentials, old) : null;
    if (grant === null) {
      if (share && old && !isRefused) {
        // What cannot be refreshed is often what the other has just refreshed.
        const theirs = await this.#takeTheirs(share, LOOKS_FOR_THEIRS.times);
        if (theirs === "taken") return null;
        if (theirs !== "none") return this.#failed(theirs, credentials);
      }
      grant = await this.#login(credentials);
    }
    this.#reserve(Math.max(this.#earliestStart(), nowMs() + PACE_MS));
    if (!grant.ok) return this.#failed(grant.failure, credentials);
    const { accessToken, refreshToken: next, expiresIn } = grant.value;
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
    if (share) {
      if (old) share.bury(old);
      await this.#tell(share, token);
    }
    return null;
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
    this.#shared ??= new TokenShare(this.tokenRow(), this.ctx.storage, TRACKSOLID_USER);
    return this.#shared;
  }

  /** Where the shared token stands. */
  protected tokenRow(): TokenRow {
    const { SharedTokenRow } = this.ctx.exports;
    return {
      read: (account) => SharedTokenRow.read(account),
      write: (account, token) => SharedTokenRow.write(account, token),
    };
  }

  /**
   * Takes over the token that the other client has put into the shared row, and tells the row of ours where it lacks it.
   *
   * @param looks How often to look until there is one.
   * @returns a failure where the row is not known
   */
  async #takeTheirs(share: TokenShare, looks = 1): Promise<"taken" | "none" | JimiFailure> {
    for (let turn = 1; ; turn++) {
      const before = this.#token();
      const look = await share.look();
      if (!look.ok) return look.failure;
      // Renewed meanwhile: the row that was read is not that of now.
      if (this.#token()?.generation !== before?.generation) return "taken";
      const theirs = share.theirs(look.shared, before);
      if (theirs) {
        const issuedAt = nowMs();
        const expiresAt = Math.min(theirs.expiresAt, issuedAt + LIFETIME_S * 1000);
        const { generation } = this.#keep({ ...theirs, issuedAt, expiresAt });
        share.took();
        log("info", "vendor_token_shared", { generation, expiresAt: toIso(expiresAt) });
        return "taken";
      }
      if (before && look.shared?.accessToken === before.accessToken) share.took();
      else if (before && share.lacks(before)) await this.#tell(share, before);
      if (turn >= looks) return "none";
      await sleep(LOOKS_FOR_THEIRS.everyMs);
    }
  }

  async #tell(share: TokenShare, token: Token): Promise<void> {
    const failure = await share.tell(token);
    if (failure)
      log("error", "vendor_token_not_shared", { generation: token.generation, reason: failure.message });
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
