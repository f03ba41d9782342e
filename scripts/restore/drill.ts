import { nowMs, toIso } from "../../shared/time.ts";
import { PieceFault } from "../backup/pieces.ts";
import { noteVerification } from "../backup/verified.ts";
import { reasonOf, type Terminal } from "../command.ts";
import type { Store } from "../store/store.ts";
import { BackupDamaged, refuseDamaged } from "./prepare.ts";
import { type Restore, type Restored, restoreInto } from "./restore-into.ts";
import { withScratch } from "./scratch.ts";
import { tellBackup, tellObjectives, tellRestored } from "./tell.ts";

/**
 * Restores into a database that is thrown away, and notes beside the backup what came of it.
 * @throws what a restore throws, once that is noted, too
 */
export async function drill(
  terminal: Required<Terminal>,
  store: Store,
  restore: Restore,
  startedMs: number,
): Promise<Restored> {
  const { manifest } = restore;
  const note = (faults: string[], damaged: string[] = []) =>
    noteVerification(store, {
      ...{ id: manifest.id, at: toIso(nowMs()), level: "restored", isWell: faults.length === 0 },
      ...{ faults, damaged, durationMs: nowMs() - startedMs },
    });
  let restored: Restored;
  try {
    await refuseDamaged(store, manifest);
    tellBackup(terminal, manifest, startedMs);
    restored = await withScratch((url) => restoreInto(url, restore, terminal));
  } catch (error) {
    await note([reasonOf(error)], damagedBy(error));
    throw error;
  }
  await note([]);
  tellRestored(terminal, restored);
  tellObjectives(terminal, restored, manifest, { startedMs, endedMs: nowMs() });
  return restored;
}

/** The pieces that an error, or what it came of, says are not what they were: the next backup puts them again. */
function damagedBy(error: unknown): string[] {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof BackupDamaged) return one.missing.map(({ key }) => key);
    if (one instanceof PieceFault) return [one.key];
  }
  return [];
}
