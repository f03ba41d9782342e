import { createHash } from "node:crypto";
import type { Environment } from "../cloudflare/environment.ts";

/** What a version says of its Durable Object classes. */
export interface Objects {
  /** Of the declarations in `wrangler.toml`; null for a version that no deploy of ours made. */
  digest: string | null;
  /** The classes that are bound, which every version tells. */
  classes: string[];
}

/** Those of the tree. */
export const objectsOf = ({ declaredObjects, boundClasses }: Environment): Objects & { digest: string } => ({
  digest: createHash("sha256")
    .update(JSON.stringify(Object.entries(declaredObjects).sort(([a], [b]) => a.localeCompare(b))))
    .digest("hex")
    .slice(0, 8),
  classes: [...boundClasses].sort(),
});

/** Whether two versions differ in their classes, so that they cannot share the traffic, and there is no rollback from one to the other. */
export function objectsDiffer(one: Objects, other: Objects): boolean {
  if (one.digest !== null && other.digest !== null) return one.digest !== other.digest;
  return [...one.classes].sort().join() !== [...other.classes].sort().join();
}

/** What to do where there is no way back. */
export const noRollback = (environment: string): string =>
  `There is no way back by a rollback: between the two versions Durable Object classes changed, and what such an object keeps belongs to the classes that are there, so Cloudflare deploys no version from before. Go forward instead: take the change of the code back with git revert, leave [exports.*] and the bindings of the classes in wrangler.toml as they are now, and npm run deploy:${environment}.`;
