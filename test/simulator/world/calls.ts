const CALLS_KEPT = 10_000;

/** One API call a world received. Tokens, passwords and signatures are never kept. */
export interface LoggedCall {
  /** ISO 8601, real time. */
  at: string;
  method: string;
  /** `target` or `account` parameter. */
  target: string | null;
  /** How many IMEIs were asked for. */
  imeis: number;
  /** The code answered; null when a fault answered no code at all. */
  code: number | string | null;
  /** Null for methods that need no token. */
  tokenValid: boolean | null;
  /** Null with `v=0.9`, which is not signed. */
  signOk: boolean | null;
  /** The timestamp parameter as it came. */
  timestamp: string | null;
  /** Kind of the fault that answered. */
  fault: string | null;
}

/** The last 10,000 calls. */
export interface CallLog {
  add(call: LoggedCall): void;
  list(method?: string): LoggedCall[];
  clear(): void;
}

export function createCallLog(): CallLog {
  let ring: LoggedCall[] = [];
  let oldest = 0;
  return {
    add: (call) => {
      if (ring.length < CALLS_KEPT) {
        ring.push(call);
        return;
      }
      ring[oldest] = call;
      oldest = (oldest + 1) % CALLS_KEPT;
    },
    list: (method) =>
      [...ring.slice(oldest), ...ring.slice(0, oldest)].filter(
        (call) => method === undefined || call.method === method,
      ),
    clear: () => {
      ring = [];
      oldest = 0;
    },
  };
}
