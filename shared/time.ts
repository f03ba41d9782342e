/** The only place that reads the clock. Everything else is told what time it is. */

/** Now, in milliseconds since the Unix epoch. */
export function nowMs(): number {
  return Date.now();
}

/** An instant as ISO 8601 UTC text, the form in which times travel through queue and SQL. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Resolves after `ms` milliseconds; at once when that is not in the future. */
export async function sleep(ms: number): Promise<void> {
  if (ms > 0) {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** What a promise brings, or undefined when it takes longer than `ms` milliseconds; it then goes on by itself. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
}
