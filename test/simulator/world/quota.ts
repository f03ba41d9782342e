const MS_PER_DAY = 86_400_000;

/** How many calls of methods a world answers a day; token methods have their own throttle and do not count. */
export interface Quota {
  /** Undefined when there is no limit. */
  dailyCalls: number | undefined;
  /** Counts a call; false when there are none left until midnight. */
  take(): boolean;
  /** Calls answered today. */
  used(): number;
  reset(): void;
}

/** @param nowMs the world's transport clock, whose days are UTC */
export function createQuota(nowMs: () => number, dailyCalls: number | undefined): Quota {
  let day = 0;
  let used = 0;
  const usedToday = (): number => {
    const today = Math.floor(nowMs() / MS_PER_DAY);
    if (today !== day) used = 0;
    day = today;
    return used;
  };
  const quota: Quota = {
    dailyCalls,
    take: () => {
      if (usedToday() >= (quota.dailyCalls ?? Infinity)) return false;
      used++;
      return true;
    },
    used: usedToday,
    reset: () => {
      used = 0;
    },
  };
  return quota;
}
