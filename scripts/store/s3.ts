import { createHash } from "node:crypto";
import { S3mini } from "s3mini";
import { again, PATIENCE, type Patience } from "./again.ts";
import { s3Error } from "./s3-error.ts";
import type { Store, Stored } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** A request that takes longer is given up: a piece of 16 MiB at a megabit a second. */
const TIMEOUT_MS = 150_000;

/** As many as S3 lists, and removes, at once. */
const PAGE = 1_000;

/** A bucket, or what is under a prefix of it. */
export interface Place {
  endpoint: URL;
  bucket: string;
  /** Ends with a slash where it is not empty. */
  prefix: string;
  region: string;
}

/** The keys of a token. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** fetch says itself how long a body is. Said twice, newer versions of it refuse the request. */
function withoutLength(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.delete("content-length");
  return fetch(input, { ...init, headers });
}

/**
 * A store in a bucket. s3mini signs and reads answers; it tries nothing again, signs no body (each put has a checksum that is signed),
 * and takes a bucket that is not there for an object that is not.
 */
export function s3Store(
  { endpoint, bucket, prefix, region }: Place,
  keys: Keys,
  patience: Patience = PATIENCE,
): Store {
  const name = `s3://${bucket}/${prefix} at ${endpoint.host}`;
  const client = new S3mini({
    ...keys,
    region,
    endpoint: `${endpoint.origin}/${bucket}`,
    requestAbortTimeout: TIMEOUT_MS,
    fetch: withoutLength,
  });
  const ask = <Result>(what: string, request: () => Promise<Result>) =>
    again(patience, () =>
      request().catch((error) => {
        throw s3Error(name, what, error);
      }),
    );

  return {
    name,

    async put(key, body) {
      const checksum = createHash("sha256").update(body).digest("base64");
      await ask(`put ${key}`, () =>
        client.putObject(prefix + key, body as Uint8Array<ArrayBuffer>, undefined, undefined, {
          "x-amz-checksum-sha256": checksum,
        }),
      );
    },

    get: (key) =>
      ask(`get ${key}`, async () => {
        const body = await client.getObjectArrayBuffer(prefix + key);
        return body && new Uint8Array(body);
      }),

    async *list(below) {
      let token: string | undefined;
      do {
        const page = await ask(`list ${below}`, async () => {
          const listed = await client.listObjectsPaged("/", prefix + below, PAGE, token);
          if (!listed)
            throw new StoreError(`${name}: there is no such bucket. Make it, or correct its name.`, {
              mayPass: false,
            });
          return listed;
        });
        for (const object of page.objects ?? []) {
          yield {
            key: object.Key.slice(prefix.length),
            bytes: object.Size,
            putAtMs: object.LastModified.getTime(),
          } satisfies Stored;
        }
        token = page.nextContinuationToken;
      } while (token);
    },

    async remove(keysToRemove) {
      for (let at = 0; at < keysToRemove.length; at += PAGE) {
        const some = keysToRemove.slice(at, at + PAGE).map((key) => prefix + key);
        await ask("remove", async () => {
          const gone = await client.deleteObjects(some);
          const left = some.find((_, index) => !gone[index]);
          if (left) throw new StoreError(`${name} did not remove ${left}.`, { mayPass: true });
        });
      }
    },
  };
}
