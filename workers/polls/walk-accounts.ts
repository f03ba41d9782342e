import { accountOf } from "../../shared/jimi/account-item.ts";
import { concernsOnlyRequest, type JimiFailure } from "../../shared/jimi/failures.ts";
import { listChildren } from "../../shared/jimi/methods.ts";
import { log } from "../../shared/log.ts";
import { nowMs } from "../../shared/time.ts";
import type { PollContext } from "./outcome.ts";

/** Distributor, dealer, customer, depot: no tree of accounts is so deep, but one of the vendor's mistakes may be. */
const MOST_LEVELS = 8;

/** A call each, at two a second less than two minutes of a run. */
const MOST_ASKED = 200;

/** The accounts below those that are polled. */
export interface AccountTree {
  /** Items as listed, by the account below which each is. */
  children: Map<string, unknown[]>;
  /** Login names, each once. */
  accounts: string[];
  /** Everybody answered, or refused for good, as far as the bounds go. */
  complete: boolean;
}

interface Listed {
  item: unknown;
  parent: string;
}

/**
 * Walks down from the polled accounts. Whether the vendor lists direct children only or everything below is not stated
 * (reference §2.5): each account is asked once, and belongs to the lowest account that lists it.
 */
export async function walkAccounts(context: PollContext): Promise<AccountTree> {
  const { config, client, runId, deadlineMs } = context;
  const listed = new Map<string, Listed>();
  const nameless: Listed[] = [];
  const known = new Set(config.TRACKSOLID_TARGETS);
  const waiting = Array.from(known, (account) => ({ account, level: 1 }));
  let complete = true;
  let notAsked = 0;
  // Grows as it is walked.
  for (const [asked, { account: parent, level }] of waiting.entries()) {
    if (asked >= MOST_ASKED || level > MOST_LEVELS) {
      notAsked += 1;
      continue;
    }
    const answer = nowMs() > deadlineMs ? null : await listChildren(client, parent);
    if (!answer?.ok) {
      complete &&= answer !== null && isRefusal(answer.failure);
      if (answer !== null && passesOver(context, "child accounts", parent, answer.failure)) continue;
      break;
    }
    for (const item of answer.value) {
      const account = accountOf(item);
      if (account === null) nameless.push({ item, parent });
      else if (account !== parent) listed.set(account, { item, parent });
      if (account === null || known.has(account)) continue;
      known.add(account);
      waiting.push({ account, level: level + 1 });
    }
  }
  if (notAsked > 0) log("warn", "accounts_not_walked", { runId, accounts: notAsked });
  const children = Map.groupBy([...listed.values(), ...nameless], ({ parent }) => parent);
  return {
    children: new Map(Array.from(children, ([parent, found]) => [parent, found.map(({ item }) => item)])),
    accounts: [...listed.keys()],
    complete,
  };
}

/** Whether the vendor would say the same if it were asked again today. */
export function isRefusal({ kind }: JimiFailure): boolean {
  return kind === "rejected" || kind === "illegal_device";
}

/**
 * Whether the others can still be asked. That the vendor does not give a list of one account, perhaps for want of a right, is
 * told and no failure of the run: it would be one for ever.
 */
export function passesOver(
  { runId, outcome }: PollContext,
  list: string,
  account: string,
  failure: JimiFailure,
): boolean {
  if (concernsOnlyRequest(failure)) {
    log("warn", "list_refused", { runId, list, account, errorCode: failure.kind, error: failure.message });
    return true;
  }
  outcome.failures.push({ what: `${list} of ${account}`, failure });
  return false;
}
