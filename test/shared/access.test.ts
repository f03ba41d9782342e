import { describe, expect, it } from "vitest";
import { KEY_FORM, KEY_PREFIX, keyName, keyRecord, newKey } from "../../shared/access.ts";

const record = {
  id: "0198c000-0000-7000-8000-000000000001",
  kind: "sk",
  label: "Depot screen",
  scopes: ["read"],
  origins: [],
  createdAt: "2026-01-15T08:30:00.000Z",
  expiresAt: null,
};

describe("newKey", () => {
  it.each(["pk", "sk"] as const)("makes a %s_ key of 32 random bytes", (kind) => {
    const key = newKey(kind);
    expect(key).toMatch(KEY_FORM);
    expect(key.startsWith(`${kind}_`)).toBe(true);
    const bytes = atob(key.slice(3).replaceAll("-", "+").replaceAll("_", "/"));
    expect(bytes.length).toBe(32);
  });

  it("never makes a key twice, nor one that is not a key", () => {
    const keys = Array.from({ length: 2_000 }, () => newKey("sk"));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => KEY_FORM.test(key))).toBe(true);
  });
});

describe("KEY_FORM", () => {
  it.each([
    "",
    "sk_",
    `xk_${"a".repeat(43)}`,
    `sk_${"a".repeat(42)}`,
    `sk_${"a".repeat(44)}`,
    `sk_${"a".repeat(42)}=`,
    ` sk_${"a".repeat(43)}`,
    `sk_${"a".repeat(43)}\n`,
    `SK_${"a".repeat(43)}`,
  ])("refuses %j", (text) => {
    expect(KEY_FORM.test(text)).toBe(false);
  });
});

describe("keyName", () => {
  it("is the SHA-256 of the key behind a prefix", async () => {
    expect(await keyName("abc")).toBe("key:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("does not hold the key", async () => {
    const key = newKey("sk");
    const name = await keyName(key);
    expect(name).toMatch(new RegExp(`^${KEY_PREFIX}[0-9a-f]{64}$`));
    expect(name).not.toContain(key.slice(3));
  });
});

describe("keyRecord", () => {
  it("is what KV keeps", () => {
    expect(keyRecord.parse(record)).toEqual(record);
    const expiring = { ...record, kind: "pk", expiresAt: "2027-01-15T08:30:00.000Z" };
    expect(keyRecord.parse(expiring)).toEqual(expiring);
  });

  it.each([
    null,
    "sk",
    [],
    {},
    { ...record, kind: "admin" },
    { ...record, scopes: ["everything"] },
    { ...record, scopes: "read" },
    { ...record, expiresAt: "tomorrow" },
    { ...record, expiresAt: undefined },
    { ...record, origins: undefined },
  ])("refuses %j: such a key admits nobody", (stored) => {
    expect(keyRecord.safeParse(stored).success).toBe(false);
  });
});
