import { VendorCalls } from "../points.ts";
import { nowMs, sleep } from "../time.ts";
import { type JimiFailure, policyOf } from "./failures.ts";
import { type JimiAnswer, type JimiEndpoint, type JimiResult, request } from "./request.ts";
import type { JimiParameters } from "./sign.ts";

/** Leave to make one call, given by the session. */
export type Permit =
  | { granted: true; token: string; generation: number; notBefore: number; reportSuccess: boolean }
  | { granted: false; failure: JimiFailure };

/** What the client needs of the session; `durable-objects/jimi-session` is it. */
export interface JimiSessionPort {
  /** @param rejectedGeneration The token that the vendor has just refused, if any. */
  permit(method: string, rejectedGeneration: number | null): Promise<Permit>;
  /** Hears of every failure, and of the first success after one. */
  report(method: string, failure: JimiFailure | null): Promise<void>;
}

const BACKOFF_CAP_MS = 30_000;

/** Calls methods of the vendor under the permits of a session. Counts its calls, for the log. */
export class JimiClient {
  readonly #endpoint: JimiEndpoint;
  readonly #session: JimiSessionPort;
  readonly #deadlineMs: number;
  /** Requests sent so far, retries included. */
  calls = 0;
  /** What became of them. */
  readonly outcomes = new VendorCalls();

  /** @param deadlineMs After this instant no retry is begun. */
  constructor(endpoint: JimiEndpoint, session: JimiSessionPort, deadlineMs: number) {
    this.#endpoint = endpoint;
    this.#session = session;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * One method call with everything the reference's §1.9 asks for: paced, signed anew for each try,
   * retried, token renewed. What remains is a failure for the caller: give up, or bisect.
   */
  async call(method: string, parameters: JimiParameters): Promise<JimiResult<JimiAnswer>> {
    let rejectedGeneration: number | null = null;
    for (let attempt = 1; ; attempt++) {
      const permit = await this.#session.permit(method, rejectedGeneration);
      if (!permit.granted) return { ok: false, failure: permit.failure };
      await sleep(permit.notBefore - nowMs());

      this.calls += 1;
      const sentMs = nowMs();
      const answer = await request(this.#endpoint, method, { ...parameters, access_token: permit.token });
      this.outcomes.add(method, answer.ok ? null : answer.failure, nowMs() - sentMs);
      if (answer.ok) {
        if (permit.reportSuccess) await this.#session.report(method, null);
        return answer;
      }
      const policy = policyOf(answer.failure);
      await this.#session.report(method, answer.failure);
      switch (policy.action) {
        case "retry": {
          const waitMs = jitteredBackoffMs(policy.backoffMs, attempt);
          if (attempt >= policy.tries || nowMs() + waitMs > this.#deadlineMs) return answer;
          await sleep(waitMs);
          break;
        }
        case "renew":
          if (attempt >= policy.tries || nowMs() > this.#deadlineMs) return answer;
          rejectedGeneration = permit.generation;
          break;
        case "bisect":
        case "break":
        case "give_up":
          return answer;
      }
    }
  }
}

/** Between half and all of the doubled step: spread out, yet never sooner than the vendor asks for. */
function jitteredBackoffMs(stepMs: number, attempt: number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, stepMs * 2 ** (attempt - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}
