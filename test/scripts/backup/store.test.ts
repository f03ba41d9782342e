import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../scripts/store/open.ts";
import { s3Store } from "../../../scripts/store/s3.ts";
import type { Store, Stored } from "../../../scripts/store/store.ts";
import { type S3Server, startS3Server } from "../../setup/s3-server.ts";

/** It goes on as long as a patient one, and waits no longer than a test may. */
const AT_ONCE = { attempts: 3, firstMs: 1, mostMs: 2 };

let server: S3Server;
let folder: string;
beforeAll(async () => {
  server = await startS3Server();
  folder = await mkdtemp(join(tmpdir(), "tracksolid-store-"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  server.mishap = () => undefined;
  server.forbidden = () => false;
  server.objects.clear();
  server.requests.length = 0;
});

const text = (body: Uint8Array | null) => body && Buffer.from(body).toString();

async function listed(store: Store, prefix: string): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const object of store.list(prefix)) found.push(object);
  return found;
}

const keysOf = async (store: Store, prefix: string) => (await listed(store, prefix)).map(({ key }) => key);

function bucket(
  prefix = "",
  secretAccessKey = server.environment.AWS_SECRET_ACCESS_KEY,
  name = "backups",
): Store {
  const endpoint = new URL(new URL(server.url).searchParams.get("endpoint") as string);
  const keys = { accessKeyId: server.environment.AWS_ACCESS_KEY_ID, secretAccessKey };
  return s3Store({ endpoint, bucket: name, prefix, region: "auto" }, keys, AT_ONCE);
}

describe.each([
  ["a bucket", () => openStore(server.url, server.environment)],
  ["a prefix of a bucket", () => openStore(server.url.replace("?", "/of/mine?"), server.environment)],
  ["a folder", () => openStore(folder, {})],
])("%s", (_, open) => {
  it("gives back what was put, in the order of keys, however many pages they are", async () => {
    const store = open();
    const keys = Array.from({ length: 12 }, (_each, index) => `a/${String(index).padStart(2, "0")}.x`);
    for (const key of keys.toReversed()) await store.put(key, Buffer.from(`it is ${key}`));
    await store.put("b/other", Buffer.alloc(0));
    expect(await keysOf(store, "a/")).toEqual(keys);
    expect(await keysOf(store, "a/1")).toEqual(["a/10.x", "a/11.x"]);
    expect(await keysOf(store, "")).toEqual([...keys, "b/other"]);
    expect(await keysOf(store, "nothing/")).toEqual([]);
    expect(text(await store.get("a/07.x"))).toBe("it is a/07.x");
    expect(text(await store.get("b/other"))).toBe("");
    expect(await store.get("a/none")).toBeNull();
    const [first] = await listed(store, "a/");
    expect(first?.bytes).toBe("it is a/00.x".length);
    expect(Math.abs((first?.putAtMs ?? 0) - Date.now())).toBeLessThan(600_000);
    await store.put("a/07.x", Buffer.from("another"));
    expect(text(await store.get("a/07.x"))).toBe("another");
    await store.remove([...keys, "b/other", "b/never"]);
    expect(await keysOf(store, "")).toEqual([]);
    await store.remove([]);
  });
});

describe("a folder", () => {
  it.each(["../outside", "a/../../outside", "/etc/x", "a//b", "a/./b", "a\\..\\b", "a/b.part", "a\0", ""])(
    "has no key %j",
    async (key) => {
      const store = openStore(`file://${folder}`, {});
      await expect(store.put(key, Buffer.from("x"))).rejects.toThrow("is no key of a store");
      await expect(store.get(key)).rejects.toThrow("is no key of a store");
      await expect(store.remove([key])).rejects.toThrow("is no key of a store");
    },
  );

  it("does not show what was not written to its end, and has to be there", async () => {
    const store = openStore(folder, {});
    await mkdir(join(folder, "half"));
    await writeFile(join(folder, "half", "one.part"), "x");
    expect(await keysOf(store, "half/")).toEqual([]);
    await store.put("half/one", Buffer.from("whole"));
    expect(await readdir(join(folder, "half"))).toEqual(["one"]);
    const missing = openStore(join(folder, "not-mounted"), {});
    await expect(missing.put("x", Buffer.from("x"))).rejects.toThrow("make it, or mount what it is on");
    await expect(keysOf(missing, "")).rejects.toThrow("There is no folder");
  });
});

describe("a bucket", () => {
  it.each([500, 503, "cut", "cut after", "cut within"] as const)("tries again after %s", async (mishap) => {
    const store = bucket();
    const first = new Set<string>();
    server.mishap = ({ method }) => {
      if (first.has(method)) return undefined;
      first.add(method);
      return mishap;
    };
    await store.put("a/x", Buffer.from("body"));
    // The second request of a method goes well: put and list and get are a PUT and two GETs.
    expect(await keysOf(store, "a/")).toEqual(["a/x"]);
    first.delete("GET");
    expect(text(await store.get("a/x"))).toBe("body");
    await store.remove(["a/x"]);
    expect(server.objects.size).toBe(0);
    expect(first).toEqual(new Set(["PUT", "GET", "POST"]));
  });

  it("gives up after some attempts, and says what it was", async () => {
    server.mishap = () => 503;
    await expect(bucket().put("a/x", Buffer.from("x"))).rejects.toThrow(
      /refused \(put a\/x\) with 503 SlowDown/,
    );
    expect(server.requests).toHaveLength(AT_ONCE.attempts);
    server.mishap = () => "cut";
    await expect(bucket().get("a/x")).rejects.toThrow(/did not answer \(get a\/x\)/);
  });

  it("does not try again what no second attempt changes, and says what to do", async () => {
    server.forbidden = () => true;
    await expect(bucket().put("a/x", Buffer.from("x"))).rejects.toThrow(
      /AccessDenied: the token may not do this/,
    );
    expect(server.requests).toHaveLength(1);
    await expect(bucket("", "wrong").get("a")).rejects.toThrow(
      /SignatureDoesNotMatch: the secret key is not/,
    );
    const unknown = openStore(server.url, { ...server.environment, AWS_ACCESS_KEY_ID: "AKOTHER" });
    await expect(unknown.get("a")).rejects.toThrow(/InvalidAccessKeyId: it does not know the access key/);
    await expect(keysOf(bucket("", undefined, "elsewhere"), "")).rejects.toThrow(/there is no such bucket/);
    await expect(bucket("", undefined, "elsewhere").put("a", Buffer.from("x"))).rejects.toThrow(
      /no such bucket/,
    );
    const region = openStore(server.url.replace("region=auto", "region=moon"), server.environment);
    await expect(region.get("a")).rejects.toThrow(/the bucket is of another region/);
  });
});

describe("a URL that is no store", () => {
  it.each([
    ["https://bucket.example.com", "is no store"],
    ["s3://bucket", "says which service it is"],
    ["s3://bucket?endpoint=ftp://x", "says which service it is"],
    ["s3://bucket?endpoint=https://x/path", "says which service it is"],
    ["s3://key:secret@bucket?endpoint=https://x", "has no keys"],
    ["https://key:secret@x/bucket", "has no keys"],
    ["s3://buck et?endpoint=https://x", "is no"],
    ["s3://bucket/a'b?endpoint=https://x", 'is no name of letters, digits, ".", "_" and "-"'],
    ["s3://bucket/../x?endpoint=https://x&profile=y", 'has no "profile"'],
    ["s3://bucket?endpoint=https://x", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"],
    ["file://host/folder", "is no store"],
  ])("%s", (url, message) => {
    expect(() => openStore(url, {})).toThrow(message);
    expect(() => openStore(url, {})).not.toThrow(/:secret/);
  });
});
