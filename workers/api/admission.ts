import { KEY_FORM, type KeyRecord, keyName, keyRecord, type Scope } from "../../shared/access.ts";
import { isReader, serviceConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { addressOf, bearerOf } from "../../shared/requests.ts";
import type { ApiContext, Caller } from "./context.ts";
import { findRecord, hasExpired } from "./key-records.ts";

/** Requests (`quota`) in a window of so many seconds, as `wrangler.toml` has them; counted per edge location. */
export const RATE_LIMITS = {
  /** Publishable keys are copied from pages, and health is open to all. */
  READ_LIMITER: { quota: 120, windowS: 60 },
  /** A secret key that asks ten times a second is a program gone wrong. */
  KEY_LIMITER: { quota: 600, windowS: 60 },
} as const;

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
  c.set("asksForKey", true);
  const caller = await findCaller(c);
  c.set("caller", caller);
  if (!caller.scopes.includes(scope)) {
    throw new ApiProblem("scope_missing", `This needs a key with the scope "${scope}".`);
  }
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
  const record = await findKey(c.env, KEY_FORM.test(key) ? name : null);
  const origin = record.kind === "pk" ? originOf(c) : null;
  if (record.kind === "pk") {
    if (origin === null || !record.origins.includes(origin)) {
      throw new ApiProblem("origin_not_allowed", "This publishable key is bound to other origins.");
    }
  }
  const limiter = record.kind === "pk" ? "READ_LIMITER" : "KEY_LIMITER";
  // All visitors of a page share its publishable key: one of them must not use up the others' share.
  const counted = record.kind === "pk" ? `${record.id} ${addressOf(c.req.raw)}` : record.id;
  await brake(c, limiter, counted, "This key is over its limit: slow down.");
  const expiresAtMs = record.expiresAt === null ? null : Date.parse(record.expiresAt);
  return { id: record.id, kind: record.kind, keyName: name, origin, expiresAtMs, scopes: record.scopes };
}

async function findKey(env: Env, name: string | null): Promise<KeyRecord> {
  const record = name === null ? null : await findRecord(env, name, keyRecord);
  if (record === null) {
    throw new ApiProblem("key_unknown", "The key is mistyped, revoked, or of another environment.", {
      "www-authenticate": 'Bearer error="invalid_token"',
    });
  }
  const { expiresAt } = record;
  if (hasExpired(expiresAt)) {
    throw new ApiProblem("key_expired", `The key expired at ${expiresAt}: ask for a new one.`, {
      "www-authenticate": 'Bearer error="invalid_token"',
    });
  }
  return record;
}

/** A browser names the origin of a cross-origin call; of a same-origin GET it says only that it is one. */
function originOf(c: ApiContext): string | null {
  const origin = c.req.header("origin");
  if (origin !== undefined) return origin;
  return c.req.header("sec-fetch-site") === "same-origin" ? new URL(c.req.url).origin : null;
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
