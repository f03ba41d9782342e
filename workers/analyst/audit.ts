import { log, messageOf } from "../../shared/log.ts";
import { AUDIT_VERSION, type AuditRecord } from "../../shared/message.ts";
import { sendPolled } from "../queue/send.ts";

/** Puts the record of a call on its way to `private.audit`. @returns whether the queue has it */
export async function sendAudit(env: Env, record: Omit<AuditRecord, "v">): Promise<boolean> {
  const origin = { receipt: record.id, kind: "audit", account: null, receivedAt: record.askedAt } as const;
  try {
    await sendPolled(env, origin, [{ v: AUDIT_VERSION, ...record }]);
    return true;
  } catch (error) {
    log("error", "audit_not_sent", { requestId: record.requestId, error: messageOf(error) });
    return false;
  }
}
