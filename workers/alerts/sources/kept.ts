import { everyKept } from "../../kept/listing.ts";
import { KEPT_FOLDERS } from "../../ledger/witnesses.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

export const KEPT_RULES = ["parked_messages", "dead_letters"] as const satisfies AlertRuleName[];

/** What waits in R2 instead of being written. @throws whatever R2 throws */
export async function askKept(env: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [folder, state] of Object.entries(KEPT_FOLDERS)) {
    let messages = 0;
    let oldestMs = Infinity;
    for await (const kept of everyKept(env, folder)) {
      messages += kept.messages;
      oldestMs = Math.min(oldestMs, kept.keptAt.getTime());
    }
    if (messages === 0) continue;
    findings.push({
      rule: state === "dead" ? "dead_letters" : "parked_messages",
      subject: folder,
      text: `${messages} under ${folder}, the oldest since ${new Date(oldestMs).toISOString()}`,
    });
  }
  return findings;
}
