import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../database/embedded.ts";

/** What ends a process before it is through. */
const ENDS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Works with a database of the Postgres of npm, which is thrown away, also where the process is ended. */
export async function withScratch<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-restore-"));
  const starting = startEmbeddedPostgres(join(folder, "postgres"), { volatile: true });
  let gone: Promise<void> | undefined;
  const throwAway = () => {
    gone ??= (async () => {
      // What is half started goes on writing into the folder.
      const server = await starting.catch(() => null);
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    })();
    return gone;
  };
  const ended = (signal: NodeJS.Signals) => {
    // postgres.js throws past everybody where its server goes while it writes.
    process.on("uncaughtException", () => {});
    void throwAway().finally(() => process.exit(ENDS[signal as keyof typeof ENDS]));
  };
  // Ctrl-C comes twice: from the terminal, and from npm.
  for (const signal of Object.keys(ENDS)) process.on(signal, ended);
  try {
    return await work((await starting).adminUrl("postgres"));
  } finally {
    await throwAway();
    for (const signal of Object.keys(ENDS)) process.off(signal, ended);
  }
}
