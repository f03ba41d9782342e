import { readIdentities } from "../../../scripts/backup/identities.ts";
import { pickBackup, readManifest } from "../../../scripts/backup/manifests.ts";
import { sizeOf } from "../../../scripts/backup/show.ts";
import { silentProgress } from "../../../scripts/progress.ts";
import { readLevels } from "../../../scripts/restore/level.ts";
import { opener } from "../../../scripts/restore/prepare.ts";
import { restoreInto } from "../../../scripts/restore/restore-into.ts";
import { folderStore } from "../../../scripts/store/folder.ts";

// A restore in a process of its own: what it needs at the most is told by the system.

const [url = "", folder = ""] = process.argv.slice(2);
const store = folderStore(folder);
const manifest = await readManifest(store, (await pickBackup(store)).id);
const { steps } = await restoreInto(
  url,
  {
    ...{ manifest, levels: await readLevels(manifest), archive: store },
    ...{ open: opener(store, await readIdentities(process.env)), untilMs: Date.parse(manifest.snapshotAt) },
  },
  { log() {}, progress: silentProgress },
);
const copying = steps.find(({ step }) => step.startsWith("Copy"));
console.log(
  JSON.stringify({
    ...sizeOf(manifest),
    ms: (copying?.durationS ?? Number.NaN) * 1_000,
    mostMb: process.resourceUsage().maxRSS / 1_024,
  }),
);
