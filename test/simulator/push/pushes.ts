import type { World } from "../world/world.ts";
import type { PushOptions } from "./options.ts";
import { pushSpan } from "./push.ts";
import { createPushRecord, type PushRecord } from "./record.ts";

/** What a world pushes. */
export interface Pushes {
  record: PushRecord;
  /** Aborted when the world ends: nothing is sent or waited for any more. */
  signal: AbortSignal;
  /** Where pushes go on their own now, and how often. */
  following?: { url: string; everyS: number };
  /** Pushes what arrives from now on, every so many seconds, instead of what was followed before. */
  follow(world: World, options: PushOptions, everyS: number): void;
  unfollow(): void;
  end(): void;
}

export function createPushes(): Pushes {
  const life = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const pushes: Pushes = {
    record: createPushRecord(),
    signal: life.signal,
    follow: (world, options, everyS) => {
      pushes.unfollow();
      pushes.following = { url: options.url, everyS };
      let fromS = Math.floor(world.clock.fleetMs() / 1000);
      timer = setInterval(() => {
        const toS = Math.floor(world.clock.fleetMs() / 1000);
        if (toS <= fromS) return;
        const span = { fromS, toS };
        fromS = toS;
        // The next round does not wait for bodies of this one that are tried again.
        pushSpan(world, span, options).catch(console.error);
      }, everyS * 1000);
    },
    unfollow: () => {
      clearInterval(timer);
      delete pushes.following;
    },
    end: () => {
      pushes.unfollow();
      life.abort();
    },
  };
  return pushes;
}
