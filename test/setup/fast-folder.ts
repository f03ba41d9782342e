import { mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux has memory mounted there; a container may have little of it. */
const MEMORY = "/dev/shm";

/** Of what the tests' databases hold at one time, at their usual size, this is several times as much. */
const ROOM_BYTES = 6 * 1024 ** 3;

/**
 * A folder for a server whose databases live for seconds, in memory where there is room: hundreds of databases of a thousand
 * files each are made and removed, for which a disk's file system computes longer than the server.
 */
export async function makeFastFolder(prefix: string): Promise<string> {
  const room = await statfs(MEMORY).catch(() => null);
  const inMemory = process.env.DRILL !== "1" && room !== null && room.bavail * room.bsize > ROOM_BYTES;
  return mkdtemp(join(inMemory ? MEMORY : tmpdir(), prefix));
}
