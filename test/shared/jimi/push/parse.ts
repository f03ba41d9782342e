import type { PushKind } from "../../../../shared/jimi/push/kinds.ts";
import { PUSH_PARSERS } from "../../../../shared/jimi/push/parsers.ts";

export const receivedAt = "2026-01-15T08:30:00.000Z";

/** An item of a push that was received at {@link receivedAt}. */
export function parse(kind: PushKind, fields: Record<string, unknown>, path: string | null = `/${kind}`) {
  return PUSH_PARSERS[kind](fields, { account: null, receivedMs: Date.parse(receivedAt), path });
}
