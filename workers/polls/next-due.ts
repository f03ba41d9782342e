/** Every minute, or every so many of an hour. */
const EVERY = /^\*(?:\/([1-9]|[1-5]\d))? \* \* \* \*$/;

/** At a minute of every hour, or of one a day. */
const AT = /^([1-5]?\d) (\*|1?\d|2[0-3]) \* \* \*$/;

const MINUTE_MS = 60_000;

/**
 * The first tick of a Cron Trigger after an instant, ms since the epoch. Triggers are in UTC.
 * @throws RangeError for an expression of a form that the schedule does not use
 */
export function nextDueMs(cron: string, afterMs: number): number {
  const isDue = readCron(cron);
  let minutes = Math.floor(afterMs / MINUTE_MS) + 1;
  while (!isDue(minutes % 60, Math.floor(minutes / 60) % 24)) minutes++;
  return minutes * MINUTE_MS;
}

function readCron(cron: string): (minute: number, hour: number) => boolean {
  const every = EVERY.exec(cron);
  if (every) return (minute) => minute % Number(every[1] ?? 1) === 0;
  const at = AT.exec(cron);
  if (at === null)
    throw new RangeError(`The cron expression "${cron}" has a form that is not understood here`);
  return (minute, hour) => minute === Number(at[1]) && (at[2] === "*" || hour === Number(at[2]));
}
