import { decodeObject, type ObjectFacts, objectFacts } from "./kept-object.ts";

/** An object that holds messages. */
export interface Kept extends ObjectFacts {
  key: string;
  bytes: number;
  keptAt: Date;
}

/** A page of objects, oldest first. */
export interface KeptPage {
  objects: Kept[];
  /** Where the next page begins; null after the last. */
  cursor: string | null;
}

/** Lists the objects of a folder, without opening them. @throws whatever R2 throws. */
export async function listKept(
  env: Env,
  prefix: string,
  page: { limit?: number; cursor?: string | undefined; startAfter?: string } = {},
): Promise<KeptPage> {
  const { limit = 500, cursor, startAfter } = page;
  const listed = await env.BUCKET.list({
    prefix,
    limit,
    include: ["customMetadata"],
    ...(cursor && { cursor }),
    ...(startAfter && { startAfter }),
  });
  return {
    objects: listed.objects.map(({ key, size, uploaded, customMetadata }) => ({
      ...objectFacts.parse(customMetadata ?? {}),
      key,
      bytes: size,
      keptAt: uploaded,
    })),
    cursor: listed.truncated ? listed.cursor : null,
  };
}

/** All objects of a folder. */
export async function* everyKept(env: Env, prefix: string): AsyncGenerator<Kept> {
  let cursor: string | undefined;
  do {
    const page = await listKept(env, prefix, { cursor });
    yield* page.objects;
    cursor = page.cursor ?? undefined;
  } while (cursor);
}

/** The messages of an object as they travelled; null where it is gone. @throws whatever R2 throws. */
export async function openKept(env: Env, key: string): Promise<string[] | null> {
  const object = await env.BUCKET.get(key);
  return object === null ? null : decodeObject(await object.arrayBuffer());
}
