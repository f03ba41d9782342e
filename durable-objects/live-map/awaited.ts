/** Somebody who waits for a fix. */
interface Waiter {
  imei: string;
  fixAtMs: number;
  tell(): void;
}

/** Who waits for a fix to reach the map. */
export class Awaited {
  readonly #waiters = new Set<Waiter>();

  /** Resolves once `look` has been called with a map that has a fix of a vehicle, or a newer one; false after so long. */
  async fix(imei: string, fixAtMs: number, patienceMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { imei, fixAtMs, tell: () => resolve(true) };
    this.#waiters.add(waiter);
    const timer = setTimeout(resolve, patienceMs, false);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    });
  }

  /** Tells those whose fix is there. */
  look(fixAtMsOf: (imei: string) => number | null): void {
    for (const { imei, fixAtMs, tell } of this.#waiters) {
      if ((fixAtMsOf(imei) ?? -Infinity) >= fixAtMs) tell();
    }
  }
}
