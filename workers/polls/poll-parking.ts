import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { listParking, type Paging } from "../../shared/jimi/methods.ts";
import type { JimiResult } from "../../shared/jimi/request.ts";
import type { PieceAnswer } from "./windows/ask-in-pieces.ts";
import { askWhole } from "./windows/ask-whole.ts";
import type { WindowContext, WindowedJob } from "./windows/window.ts";

/** Combinations that nodes have been seen to take (reference §2.8); the one that worked last is tried first. */
const pagings: Paging[] = [
  { startRow: 1, pageSize: 100 },
  { startRow: 1, pageSize: 50 },
  { startRow: 0, pageSize: 100 },
  { startRow: 0, pageSize: 50 },
  { startRow: 1, pageSize: 10 },
  { startRow: 0, pageSize: 10 },
];

/** Every 15 minutes: where vehicles stood, parked or idling. */
export const pollParking: WindowedJob = {
  spanS: 24 * 3600,
  reachS: 89 * 24 * 3600,
  vehiclesPerWindow: 50,
  byAccount: true,
  onlyHeard: false,
  async ask(context) {
    const configured = context.config.PARKING_ACC_TYPES;
    for (const accType of configured) if (!refused.has(accType)) await askType(context, accType);
    if (!configured.some((accType) => refused.has(accType))) return;
    for (const word of WORDS) if (!configured.includes(word)) await askType(context, word);
  },
};

/** Types of the vendor's documents; what one node wants in their place others refuse (reference §2.8). */
const WORDS = ["off", "on"];

/** Types that the vendor has refused. */
const refused = new Set<string>();

/** `on` is idling; everything else, also the `0` that one node wants, is parking. */
async function askType(context: WindowContext, accType: string): Promise<void> {
  const { client, window } = context;
  await askWhole(
    context,
    async (piece) => {
      const answer = await allRows((paging) =>
        listParking(client, window.account ?? "", piece.imeis, piece, accType, paging),
      );
      if (answer.ok || answer.failure.code !== "1001" || WORDS.includes(accType)) return answer;
      refused.add(accType);
      return { ok: true, value: { items: [], cut: false } };
    },
    (items) => context.send(accType === "on" ? "idling" : "parking", items),
  );
}

type AskPage = (paging: Paging) => ReturnType<typeof listParking>;

/**
 * Rows until there are as many as the vendor counts. Whether `start_row` counts rows or pages is nowhere stated: where
 * one brings nothing new the other is tried.
 */
async function allRows(ask: AskPage): Promise<JimiResult<PieceAnswer>> {
  const first = await probe(ask);
  if (!first.ok) return first;
  const { paging, total } = first.value;
  const rows = new Map(first.value.rows.map((row) => [JSON.stringify(row), row]));
  for (let page = 1; rows.size < total; page++) {
    const known = rows.size;
    for (const startRow of [paging.startRow + page * paging.pageSize, paging.startRow + page]) {
      const answer = await ask({ ...paging, startRow });
      // Refused after a page that was not: there is no such page.
      if (!answer.ok && answer.failure.code === "1001") continue;
      if (!answer.ok) return answer;
      for (const row of answer.value.rows) rows.set(JSON.stringify(row), row);
      if (rows.size > known) break;
    }
    if (rows.size === known) break;
  }
  return { ok: true, value: { items: [...rows.values()], cut: rows.size < total } };
}

/** The first page, by the first paging that is not refused. */
async function probe(ask: AskPage): Promise<JimiResult<{ rows: unknown[]; total: number; paging: Paging }>> {
  let refusal: JimiFailure = { kind: "rejected", message: "No paging was tried" };
  for (const paging of [...pagings]) {
    const answer = await ask(paging);
    if (answer.ok) {
      pagings.sort((a, b) => Number(b === paging) - Number(a === paging));
      return { ok: true, value: { ...answer.value, paging } };
    }
    refusal = answer.failure;
    if (refusal.code !== "1001") break;
  }
  return { ok: false, failure: refusal };
}
