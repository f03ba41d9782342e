import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sign } from "hono/jwt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeyRecord, personName } from "../../../shared/access.ts";
import { type AnalystRecord, mailName } from "../../../shared/analysts.ts";
import { type Stack, startStack } from "../../setup/harness.ts";
import { mcpRequest, queryMessage } from "../../setup/mcp.ts";
import { makeToken } from "./analyst.ts";

const AUDIENCE = "32eafc7626e737bc4c5f0f0b9e5d0d9dc9c0e7a4";
const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

let access: Server;
let team: string;
let stack: Stack;
let ours: CryptoKeyPair;
let strangers: CryptoKeyPair;

/** What a team's address answers with the keys of its Access. */
beforeAll(async () => {
  const make = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
  [ours, strangers] = [await make(), await make()];
  const jwk = {
    ...(await crypto.subtle.exportKey("jwk", ours.publicKey)),
    kid: "ours",
    alg: "RS256",
    use: "sig",
  };
  access = createServer((request, response) => {
    response.statusCode = request.url === "/cdn-cgi/access/certs" ? 200 : 404;
    response.end(JSON.stringify({ keys: [jwk], public_cert: { kid: "ours", cert: "-" } }));
  });
  await new Promise<void>((resolve) => access.listen(0, "127.0.0.1", resolve));
  team = `http://127.0.0.1:${(access.address() as AddressInfo).port}`;
  stack = await startStack({ vars: { ACCESS_TEAM: team, ACCESS_AUDIENCE: AUDIENCE, OPEN_READS: "" } });
  const record: AnalystRecord = {
    ...{
      id: "jane",
      name: "Jane",
      email: "jane@example.com",
      schemas: ["reporting", "tracksolid", "tickets", "fuel"],
    },
    ...{ createdAt: "2026-01-15T08:30:00.000Z", expiresAt: null },
  };
  const { KEYS } = await stack.bindings();
  await KEYS.put(await mailName("jane@example.com"), JSON.stringify(record), { metadata: record });
  const left = { ...record, id: "left", email: "left@example.com", expiresAt: "2026-01-15T08:30:00.000Z" };
  await KEYS.put(await mailName("left@example.com"), JSON.stringify(left), { metadata: left });
});

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  access?.close();
});

const nowS = () => Math.floor(Date.now() / 1_000);

/** What Access says of somebody. */
async function assertion(claims: object = {}, keys = ours, kid = "ours"): Promise<string> {
  const jwk = { ...(await crypto.subtle.exportKey("jwk", keys.privateKey)), kid, alg: "RS256" };
  return sign(
    {
      iss: team,
      aud: [AUDIENCE],
      email: "jane@example.com",
      iat: nowS(),
      nbf: nowS(),
      exp: nowS() + 60,
      ...claims,
    } as never,
    jwk as never,
    "RS256",
  );
}

/** Makes somebody known to the API, as `npm run keys -- create --email` does. */
async function makePerson(email: string, record: Partial<KeyRecord> = {}): Promise<string> {
  const name = await personName(email);
  const kept: KeyRecord = {
    ...{ id: email, kind: "person", label: "Wanjiku", scopes: ["read"], origins: [], email },
    ...{ createdAt: "2026-01-15T08:30:00.000Z", expiresAt: null, ...record },
  };
  await (await stack.bindings()).KEYS.put(name, JSON.stringify(kept), { metadata: kept });
  return name;
}

const ask = (headers: Record<string, string>) =>
  stack.fetch("/mcp", mcpRequest(queryMessage("select 1"), headers));

const through = (jwt: string) => ask({ "cf-access-jwt-assertion": jwt });

describe("behind Cloudflare Access", () => {
  it("lets in who came through it and is an analyst here", async () => {
    expect((await through(await assertion())).status).toBe(200);
    expect((await through(await assertion({ email: "JANE@example.com" }))).status).toBe(200);
    await expect
      .poll(() => stack.sql`select distinct analyst_id, analyst from private.audit`, { timeout: 15_000 })
      .toEqual([{ analyst_id: "jane", analyst: "Jane" }]);
  });

  it("still takes tokens", async () => {
    const { token } = await makeToken(stack);
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it("lets in nobody else", async () => {
    const unsigned = `${btoa('{"alg":"none","kid":"ours"}')}.${btoa(JSON.stringify({ iss: team, aud: AUDIENCE, email: "jane@example.com", exp: nowS() + 60 }))}.`;
    const refused: [string, string][] = [
      ["another application", await assertion({ aud: ["other"] })],
      ["another team", await assertion({ iss: "https://evil.cloudflareaccess.com" })],
      ["yesterday", await assertion({ iat: nowS() - 90_000, nbf: nowS() - 90_000, exp: nowS() - 86_400 })],
      ["tomorrow", await assertion({ nbf: nowS() + 86_400 })],
      ["another key", await assertion({}, strangers)],
      ["another key with its name", await assertion({}, strangers, "theirs")],
      ["no signature", unsigned],
      ["no e-mail address", await assertion({ email: undefined })],
      ["a service", await assertion({ email: "", common_name: "service" })],
      ["nobody known here", await assertion({ email: "john@example.com" })],
      ["nothing", "x"],
    ];
    for (const [what, jwt] of refused) {
      const response = await through(jwt);
      expect([what, response.status, ((await response.json()) as { code: string }).code]).toEqual([
        what,
        401,
        "key_unknown",
      ]);
    }
    const late = await through(await assertion({ email: "left@example.com" }));
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([401, "key_expired"]);
    // What is known of somebody is no token.
    expect((await ask({ authorization: "Bearer jane@example.com" })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${await assertion()}` })).status).toBe(401);
    expect(stack.logs()).not.toContain("eyJ");
  });

  it("says where to sign in", async () => {
    for (const path of ["", "/mcp"]) {
      const response = await stack.fetch(`/.well-known/oauth-protected-resource${path}`);
      expect(await response.json()).toEqual({
        resource: `${stack.url}/mcp`,
        resource_name: "Fleet data",
        authorization_servers: [team],
        bearer_methods_supported: ["header"],
      });
    }
    const refused = await ask({});
    expect(refused.headers.get("www-authenticate")).toBe(
      `Bearer resource_metadata="${stack.url}/.well-known/oauth-protected-resource/mcp"`,
    );
  });
});

describe("the API behind Cloudflare Access", () => {
  /** A page of ours asks: the browser says so, and Access adds who its user is. */
  const asPage = async (path: string, claims: object = {}, headers: Record<string, string> = {}) =>
    stack.fetch(path, {
      headers: {
        "cf-access-jwt-assertion": await assertion(claims),
        "sec-fetch-site": "same-origin",
        ...headers,
      },
    });
  const refusal = async (response: Response) => [
    response.status,
    ((await response.json()) as { code: string }).code,
  ];

  it("lets in who came through it and is known here, as far as their scopes reach", async () => {
    await makePerson("wanjiku@example.com");
    const claims = { email: "Wanjiku@example.com" };
    const session = (await (await asPage("/v1/session", claims)).json()) as Record<string, unknown>;
    expect(session).toMatchObject({
      caller: { kind: "person", id: "wanjiku@example.com", label: "Wanjiku", email: "wanjiku@example.com" },
      scopes: ["read"],
      expiresAt: null,
    });
    expect((await asPage("/v1/vehicles", claims)).status).toBe(200);
    expect(await refusal(await asPage("/v1/ledger", claims))).toEqual([403, "scope_missing"]);
    const { url } = (await (await asPage("/v1/live/stream-url", claims)).json()) as { url: string };
    expect(atob(new URL(url).searchParams.get("ticket")?.split(".")[0] ?? "")).not.toContain("Wanjiku");
  });

  it("lets in nobody by what another page makes the browser ask", async () => {
    await makePerson("wanjiku@example.com", { scopes: ["read", "tickets:write"] });
    const claims = { email: "wanjiku@example.com" };
    for (const site of ["cross-site", "same-site", "none", ""]) {
      const response = await asPage("/v1/session", claims, { "sec-fetch-site": site });
      expect(await refusal(response)).toEqual([401, "key_required"]);
    }
    const changed = await stack.fetch("/v1/tickets/incidents", {
      method: "PUT",
      headers: {
        "cf-access-jwt-assertion": await assertion(claims),
        ...{ "sec-fetch-site": "cross-site", "content-type": "application/json" },
      },
      body: "[]",
    });
    expect(await refusal(changed)).toEqual([401, "key_required"]);
  });

  it("lets in nobody who is forged, unknown, late or gone", async () => {
    await makePerson("late@example.com", { expiresAt: "2026-01-15T08:30:00.000Z" });
    expect(await refusal(await asPage("/v1/session", { email: "late@example.com" }))).toEqual([
      401,
      "key_expired",
    ]);
    // An analyst is not known to the API, nor a person to the analysts' door.
    expect(await refusal(await asPage("/v1/session", { email: "jane@example.com" }))).toEqual([
      401,
      "key_unknown",
    ]);
    await makePerson("peter@example.com");
    expect((await through(await assertion({ email: "peter@example.com" }))).status).toBe(401);
    const forged = { "cf-access-jwt-assertion": await assertion({ email: "peter@example.com" }, strangers) };
    expect(await refusal(await asPage("/v1/session", {}, forged))).toEqual([401, "key_unknown"]);
    const bearer = { authorization: "Bearer peter@example.com" };
    expect(await refusal(await stack.fetch("/v1/session", { headers: bearer }))).toEqual([
      401,
      "key_unknown",
    ]);
  });

  it("lets nobody be a person by a key's record, nor the other way round", async () => {
    await makePerson("odd@example.com", { kind: "sk" });
    expect(await refusal(await asPage("/v1/session", { email: "odd@example.com" }))).toEqual([
      401,
      "key_unknown",
    ]);
    const key = await stack.makeKey(["read"]);
    const both = await asPage(
      "/v1/session",
      { email: "odd@example.com" },
      { authorization: `Bearer ${key}` },
    );
    expect(await both.json()).toMatchObject({ caller: { kind: "sk", email: null } });
  });
});
