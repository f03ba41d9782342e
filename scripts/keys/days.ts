const DAY_MS = 24 * 3_600_000;

/** What `--days` says, in ms. @throws where it is no number of days, or of too many */
export function readDays(text: string, most: number): number {
  const days = Number(text);
  if (days > 0 && days <= most) return days * DAY_MS;
  throw new Error(`--days is a number above 0, at most ${most}.`);
}
