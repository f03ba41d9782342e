import type { AuditRecord } from "../../shared/message.ts";
import { plain, storable } from "../../shared/text.ts";

/** Names and words are short; an index holds some of them, and takes no long ones. */
const MOST_CHARACTERS = 100;

/** A call of an analyst as its table takes it: what was asked whole, however odd its characters are. */
export function auditRow(record: AuditRecord): AuditRecord {
  const { id, analystId, analyst, tool, statement, reason, requestId } = record;
  return {
    ...record,
    id: id.toLowerCase(),
    analystId: plain(analystId, MOST_CHARACTERS),
    analyst: plain(analyst, MOST_CHARACTERS),
    tool: plain(tool, MOST_CHARACTERS),
    statement: statement && storable(statement),
    arguments: storable(record.arguments),
    reason: reason && plain(reason, MOST_CHARACTERS),
    requestId: plain(requestId, MOST_CHARACTERS),
  };
}
