import { KEY_FORM, type KeyRecord, keyName, keyRecord, personName, type Scope } from "../../shared/access.ts";
import { accessConfig, isReader, serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { addressOf, bearerOf } from "../../shared/requests.ts";
import { ASSERTION, whoCameThrough } from "../analyst/through-access.ts";
import type { ApiContext, Caller } from "./context.ts";
import { findRecord, hasExpired } from "./key-records.ts";

/** Requests (`quota`) in a window of so many seconds, as `wrangler.toml` has them; counted per edge location. */
export const RATE_LIMITS = {
  /** Publishable keys are copied from pages, and health is open to all. */
  READ_LIMITER: { quota: 120, windowS: 60 },
  /** A secret key that asks ten times a second is a program gone wrong. */
  KEY_LIMITER: { quota: 600, windowS: 60 },
  /** A view of a map is some forty tiles: who zooms through ten levels shall not wait for positions because of them. */
  TILE_LIMITER: { quota: 1_800, windowS: 60 },
} as const;

/** What is counted apart from all else. */
const TILES = "/v1/tiles/";

/** Of what came and admits nobody (RFC 6750). */
const INVALID_TOKEN = { "www-authenticate": 'Bearer error="invalid_token"' };

/** Whoever comes without a key where reads are open. */
const ANYBODY: Caller = {
  id: "anonymous",
  kind: "anonymous",
  keyName: null,
  origin: null,
  expiresAtMs: null,
  scopes: ["read"],
};

/** Lets in who may use a scope, and names the caller. Needs no database. @throws ApiProblem where they may not */
export async function admitScope(c: ApiContext, scope: Scope): Promise<void> {
  const { scopes } = await admitAnyScope(c);
  if (!scopes.includes(scope)) {
    throw new ApiProblem("scope_missing", `This needs a key with the scope "${scope}".`);
  }
}

/** Lets in who has a key, whatever it is for, and names the caller. Needs no database. @throws ApiProblem where there is none */
export async function admitAnyScope(c: ApiContext): Promise<Caller> {
  c.set("asksForKey", true);
  const caller = await findCaller(c);
  c.set("caller", caller);
  return caller;
}

/** Who only reads has no bookkeeping to show, and changes nothing: whatever asks for more than `read`. @throws ApiProblem `not_here` */
export function refuseOfReader(c: ApiContext, scope: Scope): void {
  if (scope !== "read" && isReader(c.env)) {
    throw new ApiProblem("not_here", "Ask the environment that owns this one's database.");
  }
}

async function findCaller(c: ApiContext): Promise<Caller> {
  const key = bearerOf(c.req.raw);
  if (key === undefined) {
    const person = await findPerson(c);
    if (person !== null) return person;
    if (serviceConfig(c.env).OPEN_READS) return ANYBODY;
    throw new ApiProblem(
      "key_required",
      "Send `Authorization: Bearer <key>`. Keys are made with `npm run keys`.",
      {
        "www-authenticate": "Bearer",
      },
    );
  }
  const name = await keyName(key);
  // A text that cannot be a key is not worth a look-up.
  const record = await findRecordOf(c.env, KEY_FORM.test(key) ? name : null);
  const origin = record.kind === "pk" ? originOf(c) : null;
  if (record.kind === "pk") {
    if (origin === null || !record.origins.includes(origin)) {
      throw new ApiProblem("origin_not_allowed", "This publishable key is bound to other origins.");
    }
  }
  // All visitors of a page share its publishable key: one of them must not use up the others' share.
  const counted = record.kind === "pk" ? `${record.id} ${addressOf(c.req.raw)}` : record.id;
  await brake(c, limiterOf(c, record), counted, "This key is over its limit: slow down.");
  return callerOf(record, name, origin);
}

function callerOf(record: KeyRecord, keyName: string, origin: string | null): Caller {
  const { id, kind, label, email, scopes, expiresAt } = record;
  const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt);
  return { id, kind, keyName, origin, expiresAtMs, scopes, label, ...(email !== undefined && { email }) };
}

/**
 * Who came through Cloudflare Access, with the scopes of their record; null where nobody did. A browser sends that login along
 * whoever makes it ask: it counts where the browser says that a page of ours does.
 */
async function findPerson(c: ApiContext): Promise<Caller | null> {
  if (c.req.header("sec-fetch-site") !== "same-origin") return null;
  const signedIn = await findSignedIn(c);
  if (signedIn === null) return null;
  const { record, name } = signedIn;
  await brake(c, limiterOf(c, record), record.id, "You are over your limit: slow down.");
  return callerOf(record, name, null);
}

/** The record of who came through Cloudflare Access, by whose word; null where nobody did, or none is configured. @throws ApiProblem where there is none */
async function findSignedIn(c: ApiContext): Promise<{ record: KeyRecord; name: string } | null> {
  const assertion = c.req.header(ASSERTION);
  const access = accessConfig(c.env);
  if (assertion === undefined || access === null) return null;
  const email = await whoCameThrough(assertion, access);
  if (email === null) {
    throw new ApiProblem(
      "key_unknown",
      "What Cloudflare Access said of you has expired, or is not for this host: sign in again.",
      INVALID_TOKEN,
    );
  }
  const name = await personName(email);
  return { record: await findRecordOf(c.env, name, true), name };
}

/** Whether pages of ours that ask without a key may read. @throws ApiProblem where their user is signed in and not known here */
export async function mayReadWithoutKey(c: ApiContext): Promise<boolean> {
  const signedIn = await findSignedIn(c);
  return signedIn === null ? serviceConfig(c.env).OPEN_READS : signedIn.record.scopes.includes("read");
}

async function findRecordOf(env: Env, name: string | null, isPerson = false): Promise<KeyRecord> {
  const record = name === null ? null : await findRecord(env, name, keyRecord);
  if (record === null || (record.kind === "person") !== isPerson) {
    throw new ApiProblem(
      "key_unknown",
      isPerson
        ? "You are signed in, and not known here: `npm run keys -- create --email` makes you known."
        : "The key is mistyped, revoked, or of another environment.",
      INVALID_TOKEN,
    );
  }
  const { expiresAt } = record;
  if (hasExpired(expiresAt)) {
    throw new ApiProblem("key_expired", `The key expired at ${expiresAt}: ask for a new one.`, INVALID_TOKEN);
  }
  return record;
}

/** A browser names the origin of a cross-origin call; of a same-origin GET it says only that it is one. */
function originOf(c: ApiContext): string | null {
  const origin = c.req.header("origin");
  if (origin !== undefined) return origin;
  return c.req.header("sec-fetch-site") === "same-origin" ? new URL(c.req.url).origin : null;
}

function limiterOf(c: ApiContext, { kind }: KeyRecord): keyof typeof RATE_LIMITS {
  if (c.req.path.startsWith(TILES)) return "TILE_LIMITER";
  return kind === "pk" ? "READ_LIMITER" : "KEY_LIMITER";
}

/** Counts a request. `RateLimit-Policy` is as in draft-ietf-httpapi-ratelimit-headers. */
async function brake(
  c: ApiContext,
  limiter: keyof typeof RATE_LIMITS,
  key: string,
  detail: string,
): Promise<void> {
  const { quota, windowS } = RATE_LIMITS[limiter];
  c.set("ratePolicy", `"default";q=${quota};w=${windowS}`);
  const { success } = await c.env[limiter].limit({ key });
  if (!success) throw new ApiProblem("too_many_requests", detail, { "retry-after": String(windowS) });
}

/** Lets in everybody, each address a limited number of times. @throws ApiProblem `too_many_requests` */
export const admitAddress = (c: ApiContext): Promise<void> =>
  brake(c, "READ_LIMITER", `address ${addressOf(c.req.raw)}`, "Too many requests from this address.");
