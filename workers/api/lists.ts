import type { ApiContext } from "./context.ts";
import { type Cell, csvLine, csvRows } from "./csv.ts";
import { readCursor } from "./cursor.ts";
import { PAGE_TYPES } from "./pages.ts";
import { answerRevisedSpan } from "./revised-span.ts";
import { type Asker, askerOf } from "./select.ts";
import { answerStreamed } from "./streamed.ts";

/** Rows that are read at once for a file: some tens of milliseconds of the database's time. */
const ROWS_PER_PAGE = 1_000;

/** How a page is told. */
type Form = keyof typeof PAGE_TYPES;

/** Facts, newest first, in pages. */
export interface FactList {
  /** What its rows are called, in an answer and in the name of a file. */
  rows: string;
  /** Parts of the words that pages begin after. */
  place: readonly string[];
  /** Columns of the file: properties of its rows. */
  columns: readonly string[];
  /** Reads a page. `after` is what {@link readCursor} returns. */
  read: (asker: Asker, after: string, limit: number, form: Form) => Promise<string | null>;
}

/** What is said of the form in every list that has a file. */
export const CSV_HINT =
  "`csv` is a file with all of them, whatever `limit`; a connection that breaks off has brought only a part";

/** What is asked for of a list, as its query has it. */
interface AskedList {
  format: Form | "csv";
  limit: number;
  after?: string | undefined;
  /** Absent: the span ends now. */
  to?: string | undefined;
  imei?: string[] | undefined;
}

/** Answers facts of a span of the past, as `instantsOf` has read it: a page, or all pages as one file. */
export const answerList = (
  c: ApiContext,
  list: FactList,
  asked: AskedList,
  { from, to }: { from: string; to: string },
): Promise<Response> =>
  answerRevisedSpan(c, { asked, from, to, imeis: asked.imei }, () => answerPages(c, list, asked));

async function answerPages(c: ApiContext, list: FactList, asked: AskedList): Promise<Response> {
  const after = readCursor("after", asked.after, list.place);
  if (asked.format === "csv") {
    const headers = {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${list.rows}.csv"`,
    };
    return answerStreamed(c, headers, readPages(askerOf(c), list, after), (pages) => writeCsv(list, pages));
  }
  const body = await list.read(askerOf(c), after, asked.limit, asked.format);
  return new Response(body, { headers: { "content-type": PAGE_TYPES[asked.format] } });
}

type Row = Record<string, Cell>;

async function* readPages(asker: Asker, list: FactList, from: string): AsyncGenerator<Row[]> {
  let after: string | null = from;
  while (after !== null) {
    const page = JSON.parse((await list.read(asker, after, ROWS_PER_PAGE, "json")) ?? "{}");
    yield (page[list.rows] ?? []) as Row[];
    const next = (page.next ?? null) as string | null;
    after = next === null ? null : readCursor("next", next, list.place);
  }
}

async function* writeCsv({ columns }: FactList, pages: AsyncIterable<Row[]>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const rows of pages) yield csvRows(columns, rows);
}
