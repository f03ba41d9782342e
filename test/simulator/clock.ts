const MS_PER_DAY = 86_400_000;

/** The vendor's text for an instant: `yyyy-MM-dd HH:mm:ss` in UTC, without a zone (reference §1.4). */
export function vendorTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace("T", " ");
}

/** Milliseconds of a vendor text; NaN unless it is written exactly as the vendor wants it. */
export function parseVendorTime(text: string): number {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(" ", "T")}Z`)
    : Number.NaN;
}

/**
 * A world's two clocks. The transport clock judges timestamps and token lifetimes; the fleet clock tells where
 * the vehicles are.
 */
export interface WorldClock {
  transportMs(): number;
  fleetMs(): number;
  /** Milliseconds the transport clock is ahead of the real one. */
  offsetMs: number;
}

/**
 * @param daysBack the fleet clock begins so many days ago
 * @param speed it runs so many times faster than real time, but never passes it
 */
export function createClock(daysBack: number, speed: number): WorldClock {
  const createdMs = Date.now();
  const clock: WorldClock = {
    offsetMs: 0,
    transportMs: () => Date.now() + clock.offsetMs,
    fleetMs: () => Math.min(Date.now(), createdMs - daysBack * MS_PER_DAY + (Date.now() - createdMs) * speed),
  };
  return clock;
}
