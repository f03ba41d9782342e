import { env } from "cloudflare:workers";
import { everyKept, type Kept } from "../../../workers/kept/listing.ts";

/** The objects that an act leaves in a folder of R2. */
export async function keptBy(prefix: string, act: () => Promise<void>): Promise<Kept[]> {
  const before = new Set((await all(prefix)).map(({ key }) => key));
  await act();
  return (await all(prefix)).filter(({ key }) => !before.has(key));
}

async function all(prefix: string): Promise<Kept[]> {
  const objects: Kept[] = [];
  for await (const object of everyKept(env, prefix)) objects.push(object);
  return objects;
}
