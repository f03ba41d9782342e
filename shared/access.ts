import * as z from "zod";

/** What a key may do. */
export const SCOPES = ["read", "admin", "geofences:write", "tickets:write", "insights:write"] as const;
export type Scope = (typeof SCOPES)[number];

/** Prefix of a key in KV, the rest is its SHA-256; and of a person, with that of their address. */
export const KEY_PREFIX = "key:";

/**
 * What KV keeps of a key, under `key:<SHA-256 of the key>`: never the key itself; and of a person, under that of their
 * address. The same object is the entry's metadata, so that a list needs one call.
 */
export const keyRecord = z.object({
  id: z.string(),
  /** `pk` is publishable and bound to origins; `sk` is secret; a `person` has none, but comes through Cloudflare Access. */
  kind: z.enum(["pk", "sk", "person"]),
  label: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** Origins a `pk` works from, e.g. `https://map.example.com`. */
  origins: z.array(z.string()),
  /** Of a person. */
  email: z.email().optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type KeyRecord = z.output<typeof keyRecord>;

/** What a key looks like: 32 random bytes behind its kind. */
export const KEY_FORM = /^[ps]k_[A-Za-z0-9_-]{43}$/;

/** The name under which KV keeps a key. */
export const keyName = (key: string): Promise<string> => secretName(KEY_PREFIX, key);

/** The name under which KV keeps a person. No key has it: one in that form is none. */
export const personName = (email: string): Promise<string> => secretName(KEY_PREFIX, email.toLowerCase());

/** A new key. Shown once: only its hash is kept. */
export const newKey = (kind: "pk" | "sk"): string => newSecret(kind);

/** Whatever the secret, the look-up compares hashes: how long it takes tells nothing of it. */
export async function secretName(prefix: string, secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return prefix + Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** 32 random bytes behind what they are, as text. */
export function newSecret(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  return `${kind}_${text}`;
}
