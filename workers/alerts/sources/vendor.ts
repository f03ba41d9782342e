import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import { toIso } from "../../../shared/time.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

export const VENDOR_RULES = ["breaker_open"] as const satisfies AlertRuleName[];

/** Which methods of the vendor nobody may call now. */
export async function askVendorSession(env: Env): Promise<Finding[]> {
  const { closed } = await jimiSession(env).status();
  return closed.map(({ method, until }) => ({
    rule: "breaker_open",
    subject: method,
    text: `${method === "*" ? "no method" : method} is ${method === "*" ? "" : "not "}asked until ${toIso(until)}`,
  }));
}
