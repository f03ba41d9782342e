import type { Network } from "../roads/network.ts";
import { imeiBlocks } from "./imeis.ts";
import type { WorldOptions } from "./options.ts";
import { createWorld, type World } from "./world.ts";

/** All worlds of a process, by app key. */
export interface Worlds {
  /** @throws when the app key is taken */
  create(options: WorldOptions): World;
  get(appKey: string): World | undefined;
  remove(appKey: string): boolean;
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
      return world;
    },
    get: (appKey) => worlds.get(appKey),
    remove: (appKey) => worlds.delete(appKey),
  };
}
