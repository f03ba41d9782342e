import { sleep } from "../../shared/time.ts";
import { StoreError } from "./store-error.ts";

/** How often, and after how long, what failed is tried again. */
export interface Patience {
  attempts: number;
  firstMs: number;
  mostMs: number;
}

/** Half a minute in all: what a store that is overloaded, or a line that breaks, takes to come back. */
export const PATIENCE: Patience = { attempts: 7, firstMs: 500, mostMs: 15_000 };

/** Does something, again while it fails with what may pass. The pauses double, up to a limit, with full jitter. */
export async function again<Result>(
  { attempts, firstMs, mostMs }: Patience,
  act: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= attempts || !(error instanceof StoreError && error.mayPass)) throw error;
      await sleep(Math.random() * Math.min(mostMs, firstMs * 2 ** (attempt - 1)));
    }
  }
}
