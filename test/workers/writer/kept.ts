import { env } from "cloudflare:workers";
import { everyKept, type Kept } from "../../../workers/kept/listing.ts";

/** The objects that an act leaves in a folder of R2. */
export async function keptBy(prefix: string, act: () => Promise<void>): Promise<Kept[]> {
  const before = new Set((await Array.fromAsync(everyKept(env, prefix))).map(({ key }) => key));
  await act();
  return (await Array.fromAsync(everyKept(env, prefix))).filter(({ key }) => !before.has(key));
}
