import { type AnalystRecord, analystRecord, mailName, TOKEN_FORM, tokenName } from "../../shared/analysts.ts";
import { accessConfig } from "../../shared/config.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { addressOf, bearerOf } from "../../shared/requests.ts";
import type { ApiContext } from "../api/context.ts";
import { findRecord, hasExpired } from "../api/key-records.ts";
import { ASSERTION, whoCameThrough } from "./through-access.ts";

/** Where a client finds out about the door before it is let in (RFC 9728), with or without the door's own path after it. */
export const METADATA_PATH = "/.well-known/oauth-protected-resource";

/**
 * Whose token a request came with, or who came through Cloudflare Access. Needs no database.
 * @throws ApiProblem `key_required`, `key_unknown`, `key_expired`, and `too_many_requests` for an address that tries many
 */
export async function admitAnalyst(c: ApiContext): Promise<AnalystRecord> {
  const token = bearerOf(c.req.raw);
  const assertion = c.req.header(ASSERTION);
  const access = accessConfig(c.env);
  let record: AnalystRecord | null = null;
  if (token !== undefined && TOKEN_FORM.test(token)) {
    record = await findRecord(c.env, await tokenName(token), analystRecord);
  } else if (assertion !== undefined && access !== null) {
    const email = await whoCameThrough(assertion, access);
    record = email === null ? null : await findRecord(c.env, await mailName(email), analystRecord);
  } else if (token === undefined) {
    throw new ApiProblem(
      "key_required",
      "Send `Authorization: Bearer <token>`. Tokens of analysts are made with `npm run analysts`.",
      { "www-authenticate": challenge(c) },
    );
  }
  if (record === null) {
    throw await refuse(c, "key_unknown", "Mistyped, revoked, of another environment, or no analyst here.");
  }
  const { expiresAt } = record;
  if (hasExpired(expiresAt)) {
    throw await refuse(c, "key_expired", `It expired at ${expiresAt}: ask for a new one.`);
  }
  return record;
}

/** How a client may find out where to sign in (RFC 9728). */
const challenge = (c: ApiContext): string =>
  accessConfig(c.env) === null
    ? "Bearer"
    : `Bearer resource_metadata="${new URL(c.req.url).origin}${METADATA_PATH}/mcp"`;

/** Only what fails is counted: analysts behind one address have a brake each. */
async function refuse(
  c: ApiContext,
  code: "key_unknown" | "key_expired",
  detail: string,
): Promise<ApiProblem> {
  const { success } = await c.env.READ_LIMITER.limit({ key: `analyst ${addressOf(c.req.raw)}` });
  return success
    ? new ApiProblem(code, detail, {
        "www-authenticate": `${challenge(c)}${accessConfig(c.env) === null ? "" : ","} error="invalid_token"`,
      })
    : new ApiProblem("too_many_requests", "Too many tokens were refused to this address.", {
        "retry-after": "60",
      });
}
