import { excerpt } from "../text.ts";
import { withoutPerson } from "./account-item.ts";
import type { JimiClient } from "./client.ts";
import type { JimiFailure } from "./failures.ts";
import type { JimiResult } from "./request.ts";

/** The vendor documents 100, production has proved 50 (reference §2). */
export const MAX_IMEIS_PER_CALL = 50;

/** Items as the vendor sent them. */
export type JimiItems = JimiResult<unknown[]>;

/** All devices of an account, as listed: driver, SIM and plate can be null here although set (reference §2.1). */
export function listDevices(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.user.device.list", { target: account });
}

/** Last position of every device of an account. Some devices are silently missing (reference §2.6). */
export function listLocations(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.user.device.location.list", { target: account });
}

/** Accounts below an account, without what is said of people in them (reference §2.5). */
export async function listChildren(client: JimiClient, account: string): Promise<JimiItems> {
  const answer = await items(client, "jimi.user.child.list", { target: account });
  return answer.ok ? { ok: true, value: answer.value.map(withoutPerson) } : answer;
}

/** The device groups of an account, which is `account` here and not `target` (reference §2.4). */
export function listGroups(client: JimiClient, account: string): Promise<JimiItems> {
  return items(client, "jimi.device.group.list", { account });
}

/** One device in full, driver included (reference §2.2). */
export async function getDetail(client: JimiClient, imei: string): Promise<JimiItems> {
  const method = "jimi.track.device.detail";
  const answer = await client.call(method, { imei });
  if (!answer.ok) return answer;
  const { result } = answer.value;
  if (result === null || result === undefined) return { ok: true, value: [] };
  if (typeof result === "object" && !Array.isArray(result)) return { ok: true, value: [result] };
  return { ok: false, failure: unexpected(method, result) };
}

/** What a batch call brought, and which devices the vendor does not let us see. */
export interface BatchOutcome {
  items: unknown[];
  illegal: string[];
}

/**
 * Last position of chosen devices. One illegal IMEI fails a whole call (1002), so a failed batch is halved
 * until the culprit stands alone: k culprits among n cost about 2·k·log2(n) calls more.
 *
 * @param imeis At most {@link MAX_IMEIS_PER_CALL}.
 */
export async function getLocations(client: JimiClient, imeis: string[]): Promise<JimiResult<BatchOutcome>> {
  const answer = await items(client, "jimi.device.location.get", { imeis: imeis.join(",") });
  if (answer.ok) return { ok: true, value: { items: answer.value, illegal: [] } };
  if (answer.failure.kind !== "illegal_device") return answer;
  if (imeis.length === 1) return { ok: true, value: { items: [], illegal: imeis } };

  const middle = Math.ceil(imeis.length / 2);
  const left = await getLocations(client, imeis.slice(0, middle));
  if (!left.ok) return left;
  const right = await getLocations(client, imeis.slice(middle));
  if (!right.ok) return right;
  return {
    ok: true,
    value: {
      items: [...left.value.items, ...right.value.items],
      illegal: [...left.value.illegal, ...right.value.illegal],
    },
  };
}

/** An empty answer is null, an empty list or no key at all (reference §1.7). */
async function items(
  client: JimiClient,
  method: string,
  parameters: Record<string, string>,
): Promise<JimiItems> {
  const answer = await client.call(method, parameters);
  if (!answer.ok) return answer;
  const { result } = answer.value;
  if (result === null || result === undefined) return { ok: true, value: [] };
  if (Array.isArray(result)) return { ok: true, value: result };
  return { ok: false, failure: unexpected(method, result) };
}

function unexpected(method: string, result: unknown): JimiFailure {
  return {
    kind: "unreadable",
    message: `Tracksolid answered ${method} with ${excerpt(result)} instead of items`,
  };
}
