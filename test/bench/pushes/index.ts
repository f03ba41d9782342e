import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { measureDoor } from "./door.ts";
import { measureThrough } from "./through.ts";

/** Measures the push door alone, and the way of a pushed fix from the door to the disk. */
export async function measurePushes(cluster: BenchCluster): Promise<Line[]> {
  const database = await cluster.create("pushes");
  return [...(await measureDoor(database)), ...(await measureThrough(database))];
}
