import { redact } from "../log.ts";
import { plain } from "../text.ts";

/** Why a vendor call brought no answer. Closed: whoever handles it switches over all of them. */
export type JimiFailure = { kind: JimiFailureKind; message: string; code?: string };

export type JimiFailureKind =
  | "unreachable" // network error, reset, time-out
  | "unreadable" // HTTP error, HTML, broken JSON
  | "busy" // -1
  | "token" // 1004
  | "too_frequent" // 1006, short term
  | "quota" // 1006, "today"
  | "ip_limited" // 1005
  | "illegal_device" // 1002
  | "business" // 1100
  | "credentials" // wrong user, password, app key or node
  | "rejected" // 1001, 1007, 1008 and everything the reference calls permanent
  | "unshared" // the token is shared with the earlier system, and the row that holds it cannot be read
  | "postponed"; // the session gave no permit: a breaker is open

/** What to do about it (reference §1.9). */
export type JimiPolicy =
  /** Sign anew and send again, at most `tries` times in all, doubling from `backoffMs`. */
  | { action: "retry"; tries: number; backoffMs: number }
  /** Have the session renew the token and send again, at most `tries` times in all. */
  | { action: "renew"; tries: number }
  /** One device spoils the batch: halve it until it stands alone, then drop it. */
  | { action: "bisect" }
  /** The session keeps everybody waiting; this run ends. */
  | { action: "break" }
  | { action: "give_up" };

const POLICIES: Record<JimiFailureKind, JimiPolicy> = {
  unreachable: { action: "retry", tries: 3, backoffMs: 1_000 },
  unreadable: { action: "retry", tries: 3, backoffMs: 1_000 },
  busy: { action: "retry", tries: 5, backoffMs: 2_000 },
  business: { action: "retry", tries: 2, backoffMs: 5_000 },
  // First a refresh, then a fresh token; a third 1004 is not cured by another token.
  token: { action: "renew", tries: 3 },
  illegal_device: { action: "bisect" },
  too_frequent: { action: "break" },
  quota: { action: "break" },
  ip_limited: { action: "break" },
  unshared: { action: "give_up" },
  postponed: { action: "give_up" },
  credentials: { action: "give_up" },
  rejected: { action: "give_up" },
};

/**
 * Whether a failure is about the one request: others may still be answered. The rest concerns everybody, and
 * a run that goes on would only repeat it.
 */
export function concernsOnlyRequest(failure: JimiFailure): boolean {
  switch (failure.kind) {
    case "business":
    case "rejected":
    case "unreadable":
    case "illegal_device":
      return true;
    case "unreachable":
    case "busy":
    case "token":
    case "too_frequent":
    case "quota":
    case "ip_limited":
    case "credentials":
    case "unshared":
    case "postponed":
      return false;
  }
}

/** The policy of a failure. */
export function policyOf(failure: JimiFailure): JimiPolicy {
  return POLICIES[failure.kind];
}

const KINDS_BY_CODE = new Map<string, JimiFailureKind>([
  ["-1", "busy"],
  ["1002", "illegal_device"],
  ["1004", "token"],
  ["1005", "ip_limited"],
  ["1006", "too_frequent"],
  ["1100", "business"],
]);

/**
 * Names the failure behind a non-zero code. Messages are free text in two languages, so only the hints of
 * reference §1.9 are read from them.
 */
export function classify(code: string, text: string): JimiFailure {
  // The vendor may quote what we sent, the token too.
  const message = plain(redact(text.slice(0, 2_000)), 300);
  if (/app\s?key|user ?name or password/i.test(message)) {
    return {
      kind: "credentials",
      code,
      message: `Tracksolid says "${message}": check TRACKSOLID_APP_KEY and TRACKSOLID_APP_SECRET, TRACKSOLID_USER and TRACKSOLID_PASSWORD, and that TRACKSOLID_API_URL is the node the app key was issued for`,
    };
  }
  if (code === "1006" && /today/i.test(message)) {
    return { kind: "quota", code, message: "Tracksolid's daily quota is used up" };
  }
  const kind = KINDS_BY_CODE.get(code) ?? "rejected";
  return { kind, code, message: `Tracksolid answered ${code}: ${message}` };
}
