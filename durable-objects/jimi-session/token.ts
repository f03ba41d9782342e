import * as z from "zod";
import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { type JimiEndpoint, type JimiResult, request } from "../../shared/jimi/request.ts";
import { md5 } from "../../shared/jimi/sign.ts";

/** A live token. Stored under `token`; never logged, never sent anywhere but to the vendor. */
export interface Token {
  accessToken: string;
  refreshToken: string;
  /** ms since the epoch, by our clock. */
  issuedAt: number;
  expiresAt: number;
  /** Counts the tokens of this session, so that a refusal can name one without quoting it. */
  generation: number;
}

/** The longest lifetime the vendor gives, seconds. */
export const LIFETIME_S = 7_200;

/** The field is a number or a text (reference §4, quirk 26). */
const grant = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().catch(""),
  expiresIn: z.coerce.number().positive().catch(LIFETIME_S),
});

/** What the vendor answers to a get or a refresh. */
export type Grant = JimiResult<z.output<typeof grant>>;

export interface Credentials extends JimiEndpoint {
  user: string;
  password: string;
}

/** Logs in: `jimi.oauth.token.get`. */
export function getToken(credentials: Credentials): Promise<Grant> {
  return grantBy(credentials, "jimi.oauth.token.get", {
    user_id: credentials.user,
    user_pwd_md5: md5(credentials.password),
    expires_in: String(LIFETIME_S),
  });
}

/** Exchanges a token for the next: `jimi.oauth.token.refresh`. */
export function refreshToken(credentials: Credentials, token: Token): Promise<Grant> {
  return grantBy(credentials, "jimi.oauth.token.refresh", {
    access_token: token.accessToken,
    refresh_token: token.refreshToken,
    expires_in: String(LIFETIME_S),
  });
}

async function grantBy(
  credentials: Credentials,
  method: string,
  parameters: Record<string, string>,
): Promise<Grant> {
  const answer = await request(credentials, method, parameters);
  if (!answer.ok) return answer;
  const parsed = grant.safeParse(answer.value.result);
  if (parsed.success) return { ok: true, value: parsed.data };
  const failure: JimiFailure = {
    kind: "unreadable",
    message: `Tracksolid answered ${method} without a token`,
  };
  return { ok: false, failure };
}
