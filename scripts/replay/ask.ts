import * as z from "zod";
import { sleep } from "../../shared/time.ts";
import { complaintOf, strangerAt, unansweredBy } from "../api/complaint.ts";

/** What the API answers about a piece. */
const piece = z.object({
  messages: z.number(),
  items: z.number(),
  tables: z.array(
    z.object({ table: z.string(), inserted: z.number(), changed: z.number(), unchanged: z.number() }),
  ),
  skipped: z.array(z.object({ key: z.string(), reason: z.string(), messages: z.number().nullable() })),
  reachedAt: z.string().nullable(),
  cursor: z.string().nullable(),
});
export type Piece = z.output<typeof piece>;

/** A piece takes some seconds; one that hangs is asked for again. */
const PATIENCE_MS = 120_000;

/** With full jitter below a ceiling that doubles up to the longest wait: some two minutes of trouble. */
const TRIES = 8;
/** What never answered has hardly begun to fail: the URL is wrong, or nothing runs there. */
const FIRST_TRIES = 2;
const LONGEST_WAIT_S = 60;

/** An answer that asking again may better. */
const isPassing = (status: number) => status === 429 || status >= 500;

/**
 * Asks for a piece, again where trouble may pass: what was written then is written once more, and brings nothing.
 * @throws with what the API said
 */
export async function askPiece(url: string, key: string, body: object, isFirst: boolean): Promise<Piece> {
  for (let attempt = 1; ; attempt++) {
    const answer = await post(url, key, body);
    if (answer instanceof Response && answer.ok) return readPiece(url, answer);
    if (answer instanceof Response && !isPassing(answer.status))
      throw new Error(complaintOf(url, answer.status, await bodyOf(answer)));
    if (attempt >= (isFirst ? FIRST_TRIES : TRIES)) {
      throw new Error(
        answer instanceof Response
          ? complaintOf(url, answer.status, await bodyOf(answer))
          : unansweredBy(url, answer),
      );
    }
    const askedS = answer instanceof Response ? Number(answer.headers.get("retry-after") ?? 0) : 0;
    const ceilingS = Math.min(LONGEST_WAIT_S, 2 ** attempt);
    await sleep(1_000 * Math.max(Math.min(askedS, LONGEST_WAIT_S), Math.random() * ceilingS));
  }
}

async function post(url: string, key: string, body: object): Promise<Response | Error> {
  try {
    return await fetch(`${url}/v1/replay`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    return error as Error;
  }
}

async function readPiece(url: string, response: Response): Promise<Piece> {
  const read = piece.safeParse(await bodyOf(response));
  if (!read.success) throw new Error(strangerAt(url));
  return read.data;
}

const bodyOf = (response: Response): Promise<unknown> => response.json().catch(() => null);
