import type { ParsedItem } from "../records.ts";
import { toIso } from "../time.ts";
import type { Arrival } from "./event-time.ts";
import { readFlag, readInteger, readText } from "./values.ts";

/** What of an account is about the account. */
const IMPERSONAL = ["account", "name", "type", "displayFlag", "enabledFlag", "language"];

/**
 * An item of `user.child.list` without what it says of a person: address, birth, company, email, phone, remark, sex, and
 * whatever else the vendor may come to add. The archive keeps items as they are sent to the writer: what the product has
 * no use for must be gone before.
 */
export function withoutPerson(item: unknown): unknown {
  if (typeof item !== "object" || item === null) return null;
  return Object.fromEntries(Object.entries(item).filter(([name]) => IMPERSONAL.includes(name)));
}

/** The login name of an account that was listed; null where it cannot be read. */
export function accountOf(item: unknown): string | null {
  return readText((item as { account?: unknown } | null)?.account);
}

/** One item of `user.child.list` (reference §2.5). */
export function parseAccount(item: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const account = accountOf(item);
  if (account === null || arrival.account === null) return malformed("names no account");
  const at = toIso(arrival.receivedMs);
  const row = {
    key: `${account} ${at}`,
    account,
    parent: arrival.account,
    name: readText(item.name),
    type: readInteger(item.type, 0, 32_767),
    enabled: readFlag(item.enabledFlag),
    at,
  };
  return { imei: null, facts: { accounts: [row] } };
}

/** One item of `device.group.list` (reference §2.4). */
export function parseGroup(item: Record<string, unknown>, arrival: Arrival): ParsedItem {
  const groupId = readText(item.group_id);
  const name = readText(item.group_name);
  if (groupId === null || name === null) return malformed("has no group_id, or no group_name");
  const at = toIso(arrival.receivedMs);
  const row = { key: `${groupId} ${at}`, groupId, account: arrival.account, name, at };
  return { imei: null, facts: { deviceGroups: [row] } };
}

function malformed(what: string): ParsedItem {
  return { imei: null, rejection: { reason: "record_malformed", detail: `The item ${what}` } };
}
