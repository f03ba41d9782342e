import type { ApiProblem } from "../../shared/errors.ts";
import { reportFailure } from "../../shared/failure-reports.ts";
import { log, messageOf } from "../../shared/log.ts";
import { type Part, streamOf } from "../../shared/stream.ts";
import type { ApiContext } from "./context.ts";
import { routeOf } from "./request-log.ts";

/**
 * An answer that is written page by page, as fast as it is read. The first page is read before the answer begins, so that a
 * database that is away is a problem like any other; a failure after that breaks the connection off: what has come would
 * look like all there is. HEAD reads nothing.
 * @param write Makes the text of the answer; it takes the next page once what it made of the last is on its way.
 */
export async function answerStreamed<Page>(
  c: ApiContext,
  headers: Record<string, string>,
  pages: AsyncGenerator<Page>,
  write: (pages: AsyncIterable<Page>) => AsyncGenerator<Part>,
): Promise<Response> {
  if (c.req.method === "HEAD") return new Response(null, { headers });
  const first = await pages.next();
  const parts = write(startingWith(first, pages));
  const body = streamOf(parts, (error) => tellBrokenOff(c, error));
  return new Response(body, { headers });
}

async function* startingWith<Page>(first: IteratorResult<Page>, rest: AsyncGenerator<Page>) {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function tellBrokenOff(c: ApiContext, error: unknown): void {
  const cause = (error as ApiProblem | undefined)?.cause ?? error;
  const requestId = c.get("requestId");
  const route = routeOf(c);
  log("error", "answer_broken_off", { requestId, route, error: messageOf(cause) });
  reportFailure(c.env, {
    event: "answer_broken_off",
    error: cause,
    alike: [route],
    tags: { requestId, route },
  });
}
