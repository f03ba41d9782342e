import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";

const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Where bytes go. */
interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** All is written. */
  finish(): Promise<void>;
  /** Nothing may be left that looks whole. */
  discard(): Promise<void>;
}

/** What became of it. */
export interface Written {
  bytes: number;
  /** Whoever read the standard output has had enough. */
  isCut: boolean;
}

/**
 * Writes to a file, which is there when it is whole, or to the standard output.
 *
 * @throws where it cannot be written, was interrupted, or what comes fails
 */
export async function writeOut(
  path: string | undefined,
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<Written> {
  const source = chunks[Symbol.asyncIterator]();
  let stop: (error: Error) => void = () => {};
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    stop(interrupted(path));
  };
  for (const signal of ENDS) process.on(signal, interrupt);
  let bytes = 0;
  let sink: Sink | undefined;
  try {
    sink = path === undefined ? standardOutput() : await file(path);
    while (true) {
      // What comes may keep us waiting, and is given up at once.
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<string | Uint8Array>>();
      stop = reject;
      source.next().then(resolve, reject);
      if (isInterrupted) reject(interrupted(path));
      const { done, value } = await promise;
      if (done) break;
      const chunk = typeof value === "string" ? Buffer.from(value) : value;
      await sink.write(chunk);
      bytes += chunk.byteLength;
    }
    await sink.finish();
    return { bytes, isCut: false };
  } catch (error) {
    await sink?.discard();
    if (path === undefined && (error as NodeJS.ErrnoException).code === "EPIPE")
      return { bytes, isCut: true };
    throw explained(error as NodeJS.ErrnoException, path);
  } finally {
    for (const signal of ENDS) process.off(signal, interrupt);
  }
}

const interrupted = (path: string | undefined) =>
  new Error(
    path === undefined
      ? "Interrupted: what was written ends anywhere."
      : `Interrupted: ${path} is not written.`,
  );

function explained(error: NodeJS.ErrnoException, path: string | undefined): Error {
  const where = path === undefined ? "The standard output" : path;
  switch (error.code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new Error(
        `The disk is full (${error.code}): ${where} is not written. Make room, or write elsewhere.`,
      );
    default:
      return error;
  }
}

async function file(path: string): Promise<Sink> {
  if (path === "") throw new Error("--out names no file.");
  const there = await stat(path).catch(() => undefined);
  // A device would be replaced by a file.
  if (there && !there.isFile()) throw new Error(`${path} is no file: name one with --out.`);
  const part = `${path}.part`;
  const handle = await open(part, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new Error(`There is no folder for ${path}: make it first.`);
    if (error.code !== "EEXIST") throw error;
    throw new Error(
      `${part} is there: it is being written, or was left by one that was killed. Remove it in that case.`,
    );
  });
  return {
    // More than one write where the system takes a part of it.
    write: (bytes) => handle.writeFile(bytes),
    finish: () => keep(handle, part, path),
    async discard() {
      await handle.close().catch(() => {});
      await rm(part, { force: true });
    },
  };
}

/** A disk may be full only when it is asked to keep what it took. */
async function keep(handle: FileHandle, part: string, path: string): Promise<void> {
  await handle.sync();
  await handle.close();
  await rename(part, path);
}

function standardOutput(): Sink {
  // It tells of a broken pipe twice: by the write, and as an event that nobody may ignore.
  const ignore = () => {};
  process.stdout.on("error", ignore);
  const end = async () => {
    process.stdout.off("error", ignore);
  };
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    finish: end,
    // The event of a broken pipe may come after its write has failed: it stays ignored.
    discard: async () => {},
  };
}
