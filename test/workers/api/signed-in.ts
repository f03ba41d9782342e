import { env } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { expect, vi } from "vitest";
import { type KeyRecord, personName } from "../../../shared/access.ts";
import { unique } from "./fleet.ts";

/** Cloudflare Access as a Worker is configured with it: a team of one's own, since an isolate remembers the keys of one. */
export const accessOf = () => ({
  ...{ ACCESS_TEAM: `https://${unique("team")}.cloudflareaccess.com`, ACCESS_AUDIENCE: "ours" },
});

/** What Access adds to a request, with the keys of its team where they are asked for, until mocks are restored. */
export async function cameThrough(
  { ACCESS_TEAM: team, ACCESS_AUDIENCE: audience }: ReturnType<typeof accessOf>,
  claims: { email: string; exp?: number },
): Promise<Record<string, string>> {
  const modulus = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", ...modulus };
  const keys = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = async (key: CryptoKey) => ({
    ...((await crypto.subtle.exportKey("jwk", key)) as JsonWebKey),
    ...{ kid: "ours", alg: "RS256" },
  });
  const published = { keys: [await jwk(keys.publicKey)] };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    expect(url).toBe(`${team}/cdn-cgi/access/certs`);
    return Response.json(published);
  });
  const said = { iss: team, aud: [audience], exp: Math.floor(Date.now() / 1_000) + 60, ...claims };
  return { "cf-access-jwt-assertion": await sign(said, (await jwk(keys.privateKey)) as never, "RS256") };
}

/** Makes somebody known, as `npm run keys -- create --email` does. @returns their address */
export async function makePerson(record: Partial<KeyRecord> = {}): Promise<string> {
  const email = `${unique("jane")}@example.com`;
  const kept: KeyRecord = {
    ...{ id: unique("key"), kind: "person", label: "Jane", scopes: ["read"], origins: [], email },
    ...{ createdAt: "2026-01-15T08:30:00.000Z", expiresAt: null, ...record },
  };
  await env.KEYS.put(await personName(email), JSON.stringify(kept), { metadata: kept });
  return email;
}
