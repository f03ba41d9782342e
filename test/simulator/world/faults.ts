/** Everything that can be made to go wrong; what each one does is in `vendor/faulty-answer.ts`. */
export const FAULT_KINDS = [
  "html",
  "http500",
  "http502html",
  "timeout",
  "slow",
  "reset",
  "truncated-json",
  "busy",
  "parameter",
  "illegal",
  "token",
  "token-expired",
  "ip-limit",
  "frequency",
  "quota",
  "null-result",
  "missing-result",
  "empty-result",
  "code-as-text",
  "expires-as-text",
  "wrong-code-type-error",
  "same-page",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  id: string;
  kind: FaultKind;
  /** Only calls of this method, of this account (`target` or `account`), that name this IMEI. */
  method?: string;
  account?: string;
  imei?: string;
  /** Calls left to spoil; absent means for ever. */
  times?: number;
  delayMs?: number;
}

export interface Faults {
  add(fault: Omit<Fault, "id">): Fault;
  list(): Fault[];
  remove(id: string): boolean;
  clear(): void;
  /** The first fault made for such a call; it is used up by one. */
  take(method: string, params: Record<string, string>): Fault | undefined;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  let made = 0;
  return {
    add: (fault) => {
      const added = { id: String(++made), ...fault };
      faults.push(added);
      return added;
    },
    list: () => faults,
    remove: (id) => {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear: () => {
      faults = [];
    },
    take: (method, params) => {
      const fault = faults.find((candidate) => applies(candidate, method, params));
      if (fault?.times !== undefined && --fault.times <= 0)
        faults = faults.filter((other) => other !== fault);
      return fault;
    },
  };
}

function applies(fault: Fault, method: string, params: Record<string, string>): boolean {
  if (fault.kind === "expires-as-text" && !method.startsWith("jimi.oauth.token.")) return false;
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.account !== undefined && fault.account !== (params.target ?? params.account)) return false;
  return fault.imei === undefined || namedImeis(params).includes(fault.imei);
}

/** The IMEIs a call names, in `imei` or comma-separated in `imeis`. */
export function namedImeis(params: Record<string, string>): string[] {
  return [params.imei, ...(params.imeis?.split(",") ?? [])].filter(
    (imei) => imei !== undefined && imei !== "",
  ) as string[];
}
