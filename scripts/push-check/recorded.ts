import * as z from "zod";
import { nowMs, sleep } from "../../shared/time.ts";
import { askApi } from "../api/ask.ts";
import { fine, type Line, wrong } from "../api/line.ts";
import type { Api } from "../api/open.ts";

/** A receipt, as far as it is looked at. */
const receiptAnswer = z.object({
  messages: z.array(
    z.object({
      state: z.enum(["delivered", "parked", "dead", "pending"]),
      items: z.array(z.object({ outcome: z.string(), reason: z.string().nullable() })),
    }),
  ),
});

const ASK_EVERY_MS = 1_000;

/** Follows a push until it is recorded, or `waitS` are over. @throws with what the API said */
export async function followReceipt(api: Api, receipt: string, waitS: number): Promise<Line> {
  const sinceMs = nowMs();
  for (;;) {
    const known = await askApi(api, `/v1/receipts/${receipt}`, receiptAnswer);
    const message = known?.messages[0];
    const afterS = (nowMs() - sinceMs) / 1_000;
    if (message && message.state !== "pending") return fateOf(message, afterS);
    if (afterS >= waitS) {
      return wrong(
        `recorded          not after ${waitS} s: the queue took it, and nobody has written it. Does the Worker consume tracksolid-writes, and does the database answer? npm run status says what waits`,
      );
    }
    await sleep(ASK_EVERY_MS);
  }
}

type Message = z.output<typeof receiptAnswer>["messages"][number];

function fateOf({ state, items }: Message, afterS: number): Line {
  if (state !== "delivered") {
    return wrong(`recorded          kept instead of written: ${state}. See "kept" in docs/runbook.md`);
  }
  const [item] = items;
  if (item?.outcome !== "duplicate") {
    const reason = item?.reason ? ` (${item.reason})` : "";
    return wrong(`recorded          as ${item?.outcome}${reason}: it should bring nothing new`);
  }
  return fine(`recorded          after ${afterS.toFixed(1)} s: read, counted, and nothing was written of it`);
}
