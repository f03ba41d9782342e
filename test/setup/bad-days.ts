import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import { startCuttableProxy } from "./cuttable-proxy.ts";
import { type Stack, startStack } from "./harness.ts";
import { forget, register } from "./history.ts";
import { size } from "./size.ts";

export const VEHICLES = size(50, 150);

/** What a bad day is about of the past. */
export const HOURS = size(5, 20);

/** A stack whose database can be taken away, and whose every test begins with nothing of the past but its marks. */
export function badDays(seed: number) {
  let stack: Stack;
  let proxy: Awaited<ReturnType<typeof startCuttableProxy>>;

  beforeAll(async () => {
    proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
    stack = await startStack({ world: { vehicles: VEHICLES, seed }, databasePort: proxy.port });
    await register(stack);
  });

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** Puts what is covered of a job so many hours back, as if nothing had run since. */
  const coveredHoursAgo = (job: string, hours: number) => stack.sql`
    insert into tracksolid.poll_watermarks as w (job, account, imei, covered_from, covered_to)
    select ${job}, '*', imei, at, at
    from tracksolid.devices, date_trunc('second', now() - ${`${hours} hours`}::interval) as at
    on conflict (job, account, imei) do update
      set covered_from = excluded.covered_from, covered_to = excluded.covered_to`;

  const coverHours = async () => {
    for (const job of ["trips", "parking", "alarms"]) await coveredHoursAgo(job, HOURS + 1);
  };

  beforeEach(async () => {
    await forget(stack);
    await coverHours();
  });

  afterEach(async () => {
    await stack.world.clearFaults();
    await stack.world.setQuota(null);
  });

  return {
    get stack() {
      return stack;
    },
    get proxy() {
      return proxy;
    },
    coveredHoursAgo,
    coverHours,
    windowsOf: (job: string) => stack.sql`
      select * from private.job_windows where job = ${job} order by run_id, number`,
    /** Lets the time pass after which a window that nobody works on is given up. */
    letLeasesRunOut: () => stack.sql`
      update private.job_windows set heard_at = heard_at - interval '5 minutes', sent_at = sent_at - interval '2 hours'
      where ended_at is null`,
  };
}
