import { backUp } from "../../../scripts/backup/back-up.ts";
import { sizeOf } from "../../../scripts/backup/show.ts";
import { folderStore } from "../../../scripts/store/folder.ts";

// A backup in a process of its own: what it needs at the most is told by the system.

const [url = "", folder = "", recipient = ""] = process.argv.slice(2);
let newBytes = 0;
const startMs = performance.now();
const made = await backUp({
  ...{ url, store: folderStore(folder), recipients: [recipient], signal: new AbortController().signal },
  onPiece: ({ bytes }, isNew) => {
    if (isNew) newBytes += bytes;
  },
});
const ms = performance.now() - startMs;
console.log(
  JSON.stringify({ ...sizeOf(made), newBytes, ms, mostMb: process.resourceUsage().maxRSS / 1_024 }),
);
