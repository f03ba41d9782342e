import type { Stand } from "./stand.ts";

const QUEUE = "tracksolid-jobs-dev";

/** `max_concurrency` of the jobs queue in wrangler.toml, without the one that the local queue gives. */
const LANES = 3;

const LOOK_EVERY_MS = 50;

/**
 * Works on windows as a deployed queue does, several at once, for as long as something takes: the local queue knows no
 * `max_concurrency`.
 */
export async function withLanes<Result>(
  { sql, served }: Stand,
  something: () => Promise<Result>,
): Promise<Result> {
  const worker = await served.handlers("product");
  let goOn = true;
  // The queue takes them from the front.
  const nextWindow = async (lane: number) => {
    const [row] = await sql<{ run_id: string; number: number }[]>`
      select run_id, number from private.job_windows
      where ended_at is null and holder is null and sent_at is not null
      order by run_id desc, number desc offset ${lane} limit 1`;
    return row;
  };
  const work = async (lane: number) => {
    while (goOn) {
      const window = await nextWindow(lane);
      if (window === undefined) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        continue;
      }
      const body = { v: 1, what: "window", runId: window.run_id, number: window.number };
      const id = crypto.randomUUID();
      await worker.queue(QUEUE, [{ id, timestamp: new Date(), attempts: 1, body }]);
    }
  };
  const ending = something().finally(() => {
    goOn = false;
  });
  const [result] = await Promise.all([ending, ...Array.from({ length: LANES }, (_, lane) => work(lane))]);
  return result;
}
