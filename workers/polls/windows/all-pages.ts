import type { JimiResult } from "../../../shared/jimi/request.ts";
import type { PieceAnswer } from "./ask-in-pieces.ts";

/**
 * Pages until nothing more is to come. A page that only repeats ends the list: where paging is not heeded, all pages are
 * the first, and what may be behind them cannot be had that way.
 * @param hasMore Told a page, and how many rows came with it and those before
 * @param most Rows that the vendor tells of a query however it is paged
 */
export async function allPages<Page extends { rows: unknown[] }>(
  ask: (page: number) => Promise<JimiResult<Page>>,
  hasMore: (page: Page, received: number) => boolean,
  most = Number.POSITIVE_INFINITY,
): Promise<JimiResult<PieceAnswer>> {
  const items = new Map<string, unknown>();
  let received = 0;
  for (let number = 1; ; number++) {
    const answer = await ask(number);
    if (!answer.ok) return answer;
    const known = items.size;
    for (const row of answer.value.rows) items.set(JSON.stringify(row), row);
    const isRepeat = items.size === known;
    if (!isRepeat) received += answer.value.rows.length;
    const more = hasMore(answer.value, received);
    const isCut = items.size >= most || (more && isRepeat);
    if (isCut || !more) return { ok: true, value: { items: [...items.values()], cut: isCut } };
  }
}
