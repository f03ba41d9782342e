import { type JobName, schedule } from "../../workers/polls/schedule.ts";

/** What became of a job's newest tick, for the screen. */
export interface TickResult {
  at: Date;
  ok: boolean;
}

/**
 * Ticks the Worker's Cron Triggers, which `wrangler dev` never does by itself: every job once at the start,
 * the devices first, then each at its cadence. `liveEveryS` may hurry the live poll, so that a simulated
 * fleet moves before one's eyes.
 *
 * @returns Stops the ticking.
 */
export function startTicks(
  workerUrl: string,
  liveEveryS: number,
  onTick: (job: JobName, result: TickResult) => void,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const aborter = new AbortController();

  async function tick(job: JobName): Promise<void> {
    const url = new URL("/cdn-cgi/local/scheduled", workerUrl);
    url.searchParams.set("cron", schedule[job].cron);
    url.searchParams.set("format", "json");
    const ok = await fetch(url, { signal: aborter.signal }).then(
      async (response) => ((await response.json()) as { outcome?: string }).outcome === "ok",
      () => false,
    );
    if (!aborter.signal.aborted) onTick(job, { at: new Date(), ok });
  }

  for (const job of Object.keys(schedule) as JobName[]) {
    const everyMs = (job === "live" ? liveEveryS : schedule[job].everyS) * 1000;
    void tick(job);
    timers.push(setInterval(() => void tick(job), everyMs));
  }
  return () => {
    aborter.abort();
    for (const timer of timers) clearInterval(timer);
  };
}
