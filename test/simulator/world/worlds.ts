import { PUSH_DEFAULTS } from "../push/options.ts";
import type { Network } from "../roads/network.ts";
import { imeiBlocks } from "./imeis.ts";
import type { WorldOptions } from "./options.ts";
import { createWorld, type World } from "./world.ts";

/** How often a world that was made with a push URL pushes what has arrived. */
const PUSH_EVERY_S = 10;

/** All worlds of a process, by app key. */
export interface Worlds {
  /** @throws when the app key is taken */
  create(options: WorldOptions): World;
  get(appKey: string): World | undefined;
  remove(appKey: string): boolean;
  /** Ends what goes on in all of them. */
  end(): void;
}

export function createWorlds(networks: Network[]): Worlds {
  const worlds = new Map<string, World>();
  const nextImeis = imeiBlocks();
  return {
    create: (options) => {
      if (options.appKey !== undefined && worlds.has(options.appKey)) {
        throw new Error(
          `there is a world with appKey ${options.appKey} already; delete it first or choose another`,
        );
      }
      const world = createWorld(options, networks, nextImeis);
      worlds.set(world.appKey, world);
      if (options.pushUrl !== undefined) {
        const { pushUrl: url, pushToken: token } = options;
        world.pushes.follow(world, { ...PUSH_DEFAULTS, url, token }, PUSH_EVERY_S);
      }
      return world;
    },
    get: (appKey) => worlds.get(appKey),
    remove: (appKey) => {
      worlds.get(appKey)?.pushes.end();
      return worlds.delete(appKey);
    },
    end: () => {
      for (const world of worlds.values()) world.pushes.end();
    },
  };
}
