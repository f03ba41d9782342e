import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { type BenchCluster, connect } from "../cluster.ts";
import { interleave } from "../measure.ts";

/** What a process that moved rows said of itself. */
export interface Weighed {
  rows: number;
  textBytes: number;
  ms: number;
  mostMb: number;
}

const TABLE = "tracksolid.position_history";

let databases = 0;

/** Restores the newest backup of a folder into a database of its own. Its time is that of copying and reading again. */
export async function restoreOnce(cluster: BenchCluster, folder: string, identity: string): Promise<Weighed> {
  databases += 1;
  const { url } = await cluster.create(`restore_${databases}`, "empty");
  const script = join(import.meta.dirname, "restore-once.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, url, folder], {
    env: { ...process.env, BACKUP_IDENTITY: identity },
  });
  return JSON.parse(stdout) as Weighed;
}

/** Times restores beside a bare COPY of the positions from one database to another, by the same client. */
export async function timeRestores(
  cluster: BenchCluster,
  source: string,
  folder: string,
  identity: string,
  rounds: { warmUp: number; rounds: number },
): Promise<{ copied: number[]; bare: number[]; last: Weighed }> {
  const [from, to] = [connect(source), (await cluster.create("restore_bare")).sql];
  let last: Weighed | undefined;
  const { copied, bare } = await interleave(
    {
      bare: async () => {
        await to.unsafe(`truncate ${TABLE}`);
        const startMs = performance.now();
        const rows: Readable = await from.unsafe(`copy (select * from ${TABLE}) to stdout`).readable();
        const target: Writable = await to.unsafe(`copy ${TABLE} from stdin`).writable();
        await pipeline(rows, target);
        return performance.now() - startMs;
      },
      copied: async () => {
        last = await restoreOnce(cluster, folder, identity);
        return last.ms;
      },
    },
    rounds,
  );
  await from.end();
  return { copied, bare, last: last as Weighed };
}
