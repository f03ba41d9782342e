import { type Kept, listKept } from "./listing.ts";

/** Folders whose objects can be looked at and written again. */
export type KeptFolder = "parked/" | "dead/";

/** Which objects of a folder. */
export interface KeptFilter {
  reason?: string | undefined;
  kind?: string | undefined;
  /** Objects that hold something received in this time. */
  from?: string | undefined;
  to?: string | undefined;
}

/** A page of those that a filter takes. */
export interface SelectedPage {
  objects: Kept[];
  /** Key after which the rest begins; null when there is none. */
  after: string | null;
}

/** A look at so many objects takes some seconds; who wants more goes on from there. */
const MOST_LOOKED_AT = 5_000;

/** Selects at most `limit` objects of a folder, the oldest first. @throws whatever R2 throws. */
export async function selectKept(
  env: Env,
  folder: KeptFolder,
  filter: KeptFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<SelectedPage> {
  const objects: Kept[] = [];
  let startAfter = after;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; ) {
    const page = await listKept(env, folder, startAfter === undefined ? {} : { startAfter });
    for (const object of page.objects) {
      if (matches(object, filter)) {
        // One more than asked for: there is a next page.
        if (objects.length === limit) return { objects, after: objects.at(-1)?.key ?? null };
        objects.push(object);
      }
      startAfter = object.key;
    }
    if (page.cursor === null || page.objects.length === 0) return { objects, after: null };
    lookedAt += page.objects.length;
  }
  return { objects, after: startAfter ?? null };
}

function matches(object: Kept, { reason, kind, from, to }: KeptFilter): boolean {
  return (
    (reason === undefined || object.reason === reason) &&
    (kind === undefined || object.kinds.split(",").includes(kind)) &&
    // Without times it holds nothing that could be read, and is in no period.
    (from === undefined || (object.to !== "" && object.to >= from)) &&
    (to === undefined || (object.from !== "" && object.from < to))
  );
}

/** An object's name in the API: its key, so that nobody builds one. */
export function objectId(key: string): string {
  return Buffer.from(key).toString("base64url");
}

/** The inverse of {@link objectId}; null for what names no object of the folder. */
export function keyOf(id: string, folder: KeptFolder): string | null {
  const key = Buffer.from(id, "base64url").toString();
  return key.startsWith(folder) && /^[\w/.-]+\.ndjson\.gz$/.test(key) && objectId(key) === id ? key : null;
}
