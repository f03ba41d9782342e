/** How an answer came. */
export interface Asked {
  ms: number;
  firstByteMs: number;
  bytes: number;
}

/** Asks for something and reads all of it. @throws when it is not answered with success */
export async function ask(url: URL): Promise<Asked> {
  const startMs = performance.now();
  const { firstByteMs, bytes } = await read(url, startMs, () => {});
  return { ms: performance.now() - startMs, firstByteMs, bytes };
}

/** The answer itself. */
export async function textOf(url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  await read(url, performance.now(), (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

async function read(url: URL, startMs: number, take: (chunk: Uint8Array) => void) {
  const answer = await fetch(url, { headers: { "accept-encoding": "identity" } });
  if (answer.status !== 200 || answer.body === null) {
    throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  }
  let firstByteMs = Number.NaN;
  let bytes = 0;
  for await (const chunk of answer.body) {
    if (bytes === 0) firstByteMs = performance.now() - startMs;
    bytes += chunk.length;
    take(chunk);
  }
  return { firstByteMs, bytes };
}
