import { DurableObject } from "cloudflare:workers";
import { vendorConfig } from "../../shared/config.ts";
import type { JimiSessionPort, Permit } from "../../shared/jimi/client.ts";
import type { JimiFailure } from "../../shared/jimi/failures.ts";
import type { JimiResult } from "../../shared/jimi/request.ts";
import { log } from "../../shared/log.ts";
import { nowMs, toIso } from "../../shared/time.ts";
import { afterFailure, type BreakerState } from "./breaker.ts";
import { type Credentials, getToken, refreshToken, type Token } from "./token.ts";

/** Between two calls of one credential. The vendor publishes no figure; 500 ms is proven (reference §1.9). */
const PACE_MS = 500;

/** A caller that cannot start for so long is turned away and planned again by the next tick. */
const LONGEST_QUEUE_MS = 30_000;

/** Renewed when less than this remains, so that no call meets the end of its token. */
const RENEW_AHEAD_MS = 10 * 60_000;

/** After a failed renewal nobody asks again for so long; a living token is used meanwhile. */
const RENEW_RETRY_MS = 30_000;

/** Wrong credentials stay wrong, and the vendor counts failed logins; a deployment forgets this pause. */
const CREDENTIALS_RETRY_MS = 5 * 60_000;

/** A token refused so soon after it was issued is not cured by refreshing it. */
const FRESH_MS = 60_000;

/** Breaker that stops every method: the vendor limits the address, not the method. */
const ALL_METHODS = "*";

/**
 * The one place that holds the vendor's token for an app key and login account. It gives permits and hears
 * of outcomes; answers go past it.
 *
 * Storage: `token` ({@link Token}), `breaker:<method>` ({@link BreakerState}), `next` (ms: earliest start
 * of the next call, so that an eviction causes no burst).
 */
export class JimiSession extends DurableObject<Env> implements JimiSessionPort {
  #renewal: Promise<JimiFailure | null> | undefined;
  #lastFailure: { failure: JimiFailure; retryAt: number } | undefined;

  async permit(method: string, rejectedGeneration: number | null): Promise<Permit> {
    const closed = this.#closed(ALL_METHODS) ?? this.#closed(method);
    if (closed) return { granted: false, failure: closed };

    let token = this.#token();
    if (token === undefined || this.#mustRenew(token, rejectedGeneration)) {
      const failure = await this.#renew(rejectedGeneration);
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
    return token.expiresAt - nowMs() < RENEW_AHEAD_MS;
  }

  /** Single flight: the input gate is open while the vendor is awaited, so the promise itself is shared. */
  async #renew(rejectedGeneration: number | null): Promise<JimiFailure | null> {
    if (this.#lastFailure && nowMs() < this.#lastFailure.retryAt) return this.#lastFailure.failure;
    this.#renewal ??= this.#obtain(rejectedGeneration).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #obtain(rejectedGeneration: number | null): Promise<JimiFailure | null> {
    const credentials = credentialsOf(this.env);
    const old = this.#token();
    const refusedFresh =
      rejectedGeneration !== null && old !== undefined && nowMs() - old.issuedAt < FRESH_MS;
    const refreshed = old?.refreshToken && !refusedFresh ? await refreshToken(credentials, old) : null;
    const grant = refreshed?.ok ? refreshed : await this.#login(credentials);
    if (!grant.ok) {
      const pauseMs = grant.failure.kind === "credentials" ? CREDENTIALS_RETRY_MS : RENEW_RETRY_MS;
      this.#lastFailure = { failure: grant.failure, retryAt: nowMs() + pauseMs };
      log("error", "vendor_token_failed", { kind: grant.failure.kind, reason: grant.failure.message });
      return grant.failure;
    }
    const { accessToken, refreshToken: next, expiresIn } = grant.value;
    const generation = (old?.generation ?? 0) + 1;
    const issuedAt = nowMs();
    const expiresAt = issuedAt + expiresIn * 1000;
    const token: Token = { accessToken, refreshToken: next, issuedAt, expiresAt, generation };
    this.#lastFailure = undefined;
    this.ctx.storage.kv.put("token", token);
    log("info", "vendor_token", {
      generation,
      expiresAt: toIso(token.expiresAt),
      refused: rejectedGeneration,
    });
    return null;
  }

  /** The most rate-limited call there is: it has its own breaker. */
  async #login(
    credentials: Credentials,
  ): Promise<JimiResult<{ accessToken: string; refreshToken: string; expiresIn: number }>> {
    const method = "jimi.oauth.token.get";
    const closed = this.#closed(method);
    if (closed) return { ok: false, failure: closed };
    const grant = await getToken(credentials);
    await this.report(method, grant.ok ? null : grant.failure);
    return grant;
  }

  /** Reserves the next start, or null when the queue is too long. */
  #nextStart(): number | null {
    const now = nowMs();
    const next = this.ctx.storage.kv.get<number>("next") ?? 0;
    // Further ahead than any reservation can be: the clock was set back.
    const notBefore = next - now > LONGEST_QUEUE_MS + PACE_MS ? now : Math.max(now, next);
    if (notBefore - now > LONGEST_QUEUE_MS) return null;
    this.ctx.storage.kv.put("next", notBefore + PACE_MS);
    return notBefore;
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

const noToken: JimiFailure = { kind: "token", message: "No token could be had" };

const breakerKey = (method: string) => `breaker:${method}`;
