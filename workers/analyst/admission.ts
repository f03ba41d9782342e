import { type AnalystRecord, analystRecord, TOKEN_FORM, tokenName } from "../../shared/analysts.ts";
import { ApiProblem } from "../../shared/errors.ts";
import { nowMs } from "../../shared/time.ts";
import type { ApiContext } from "../api/context.ts";

/** How long an edge location may go on admitting a token after its record changed. */
const TOKEN_CACHE_S = 60;

/**
 * Whose token a request came with. Needs no database.
 * @throws ApiProblem `key_required`, `key_unknown`, `key_expired`, and `too_many_requests` for an address that tries many
 */
export async function admitAnalyst(c: ApiContext): Promise<AnalystRecord> {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined) {
    throw new ApiProblem(
      "key_required",
      "Send `Authorization: Bearer <token>`. Tokens of analysts are made with `npm run analysts`.",
      {
        "www-authenticate": "Bearer",
      },
    );
  }
  const record = TOKEN_FORM.test(token) ? await find(c.env, token) : null;
  if (record === null)
    throw await refuse(c, "key_unknown", "The token is mistyped, revoked, or of another environment.");
  const { expiresAt } = record;
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs()) {
    throw await refuse(c, "key_expired", `The token expired at ${expiresAt}: ask for a new one.`);
  }
  return record;
}

async function find(env: Env, token: string): Promise<AnalystRecord | null> {
  const stored = await env.KEYS.get(await tokenName(token), { type: "json", cacheTtl: TOKEN_CACHE_S });
  const record = analystRecord.safeParse(stored);
  return record.success ? record.data : null;
}

/** Only what fails is counted: analysts behind one address have a brake each. */
async function refuse(
  c: ApiContext,
  code: "key_unknown" | "key_expired",
  detail: string,
): Promise<ApiProblem> {
  const { success } = await c.env.READ_LIMITER.limit({
    key: `analyst ${c.req.header("cf-connecting-ip") ?? ""}`,
  });
  return success
    ? new ApiProblem(code, detail, { "www-authenticate": 'Bearer error="invalid_token"' })
    : new ApiProblem("too_many_requests", "Too many tokens were refused to this address.", {
        "retry-after": "60",
      });
}
