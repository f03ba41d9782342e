import { type Cadence, type JobName, jobsAt, schedule } from "../../workers/polls/schedule.ts";

/** What became of a job's newest tick, for the screen. */
export interface TickResult {
  at: Date;
  ok: boolean;
}

/** By then the first poll has told which vehicles there are, and other jobs have whom to ask for. */
const FLEET_KNOWN_AFTER_MS = 10_000;

/**
 * Ticks the Worker's Cron Triggers, which `wrangler dev` never does by itself: each that ticks every hour or more often
 * once at the start, those of the fleet's list and positions first, then all at their cadence. `liveEveryS` may hurry the
 * live poll, so that a simulated fleet moves before one's eyes.
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

  async function tick(cron: string): Promise<void> {
    const url = new URL("/cdn-cgi/local/scheduled", workerUrl);
    url.searchParams.set("cron", cron);
    url.searchParams.set("format", "json");
    const ok = await fetch(url, { signal: aborter.signal })
      .then((response) => response.json() as Promise<{ outcome?: string }>)
      .then(({ outcome }) => outcome === "ok")
      .catch(() => false);
    if (aborter.signal.aborted) return;
    for (const job of jobsAt(cron)) onTick(job, { at: new Date(), ok });
  }

  const cadences = new Map<string, Cadence>(
    Object.values(schedule).map((cadence) => [cadence.cron, cadence]),
  );
  for (const { cron, everyS } of cadences.values()) {
    const isFirst = cron === schedule.live.cron || cron === schedule.devices.cron;
    const everyMs = (cron === schedule.live.cron ? liveEveryS : everyS) * 1000;
    if (everyS <= 3_600) timers.push(setTimeout(() => void tick(cron), isFirst ? 0 : FLEET_KNOWN_AFTER_MS));
    timers.push(setInterval(() => void tick(cron), everyMs));
  }
  return () => {
    aborter.abort();
    for (const timer of timers) clearInterval(timer);
  };
}
