/** What is left to somebody. */
interface Bucket {
  requests: number;
  atMs: number;
}

/** Somebody who has not asked for so long has a full bucket again, whatever the limits. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

/** Requests a second with bursts: a bucket each, which fills again as time goes by. */
export class Brake {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Takes a request out of a bucket.
   * @returns 0, or, where it is empty, in how many seconds there is one in it again.
   */
  knock(who: string, perS: number, burst: number, nowMs: number): number {
    const before = this.#buckets.get(who);
    if (before === undefined) this.#forget(nowMs);
    const requests = before
      ? Math.min(burst, before.requests + (Math.max(0, nowMs - before.atMs) / 1_000) * perS)
      : burst;
    const isGood = requests >= 1;
    this.#buckets.set(who, { requests: isGood ? requests - 1 : requests, atMs: nowMs });
    return isGood ? 0 : Math.max(1, Math.ceil((1 - requests) / perS));
  }

  #forget(nowMs: number): void {
    for (const [who, { atMs }] of this.#buckets) {
      if (nowMs - atMs > FORGOTTEN_AFTER_MS) this.#buckets.delete(who);
    }
  }
}
