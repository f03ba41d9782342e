/**
 * Does the same with many things, some of them at once, in bounded memory.
 * @returns what came of each, in the order of the things
 * @throws what the first failed with, when nothing else is on its way any more
 */
export async function* inOrder<Thing, Result>(
  things: AsyncIterable<Thing> | Iterable<Thing>,
  most: number,
  work: (thing: Thing) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  try {
    for await (const thing of things) {
      const result = work(thing);
      // It is waited for later, and may fail before.
      result.catch(() => {});
      begun.push(result);
      if (begun.length >= most) yield await (begun.shift() as Promise<Result>);
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) yield await next;
  } finally {
    await Promise.allSettled(begun);
  }
}
