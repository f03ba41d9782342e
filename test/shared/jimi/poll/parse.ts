import type { PollKind } from "../../../../shared/jimi/poll/kinds.ts";
import { POLL_PARSERS } from "../../../../shared/jimi/poll/parsers.ts";

export const imei = "860000000000001";
export const receivedAt = "2026-01-15T08:30:00.000Z";

/** An item of an answer that came at {@link receivedAt}; `asked` is the device it was about, where it does not say. */
export function parse(kind: PollKind, fields: Record<string, unknown>, asked: string | null = null) {
  const arrival = { account: "demo", receivedMs: Date.parse(receivedAt), path: null, imei: asked };
  return POLL_PARSERS[kind](fields, arrival);
}
