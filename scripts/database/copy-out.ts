import type { Readable } from "node:stream";
import type postgres from "postgres";
import { within } from "../../shared/time.ts";
import { END_PATIENCE_S } from "../command.ts";

/** What a COPY writes, on its way. */
export interface CopyOut {
  /** As it comes: no more is held than is on its way. */
  chunks: AsyncIterable<Buffer>;
  /** Stops it, so that nobody waits for rows that nobody wants. */
  stop(): Promise<void>;
}

/** What postgres.js keeps of a query, and does not tell of. */
interface Running extends Promise<unknown> {
  active: boolean;
  resolve(stream: Readable): void;
  readable(): Promise<Readable>;
  cancel(): void;
}

/** Begins to copy the rows of a query, as text, with the first chunk that is asked for. */
export function copyOut(sql: postgres.Sql, query: string): CopyOut {
  const copy = sql.unsafe(`copy (${query}) to stdout`) as unknown as Running;
  let isBegun = false;
  let stream: Readable | undefined;
  const { resolve } = copy;
  copy.resolve = (begun) => {
    // A server that fails before its first rows tells both at once, and an error that nobody listens to ends the process.
    // At the end of the statement this is called again, with its result.
    stream ??= resumed(begun.on("error", () => {}));
    resolve(begun);
  };
  return {
    chunks: (async function* () {
      isBegun = true;
      // Destroyed, it would leave the connection waiting for somebody to read on.
      yield* (await copy.readable()).iterator({ destroyOnReturn: false });
    })(),
    async stop() {
      if (!isBegun || stream?.readableEnded || stream?.destroyed) return;
      // postgres.js takes a COPY for done as soon as its rows come, and would cancel nothing.
      copy.active = true;
      copy.cancel();
      await within(drained(copy), END_PATIENCE_S * 1_000);
    },
  };
}

/**
 * postgres.js stops reading from the server while rows wait to be taken, and reads on when somebody asks for more. Nobody asks any
 * more after the last: where that came with what filled the stream, whatever is asked next on the connection waits for ever.
 */
function resumed(stream: Readable): Readable {
  const { push } = stream;
  stream.push = (chunk, ...encoding) => {
    const hasRoom = push.call(stream, chunk, ...encoding);
    if (chunk === null) stream._read(0);
    return hasRoom;
  };
  return stream;
}

/** What is on its way is read until the server has ended it: nobody else may ask the stream for it then. */
async function drained(copy: Promise<unknown>): Promise<void> {
  const stream = (await copy.catch(() => {})) as Readable | undefined;
  if (!stream || stream.destroyed) return;
  await new Promise((resolve) => {
    stream
      .once("close", resolve)
      .on("data", () => {})
      .removeAllListeners("readable");
  });
}
