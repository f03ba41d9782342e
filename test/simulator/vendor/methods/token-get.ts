import { vendorTime } from "../../clock.ts";
import { TOKEN_LIFETIME_S, type Token } from "../../world/tokens.ts";
import type { World } from "../../world/world.ts";
import { badParameter, CODE, tooFrequent, VendorError } from "../errors.ts";
import { type Method, required } from "../method.ts";

/** `jimi.oauth.token.get` (reference §1.8). */
export const tokenGet: Method = {
  name: "jimi.oauth.token.get",
  needsToken: false,
  answer: ({ world, params }) => {
    const user = required(params, "user_id");
    const passwordMd5 = required(params, "user_pwd_md5");
    const expiresInS = lifetimeIn(params);
    if (world.tokens.sinceLastIssueMs() < world.tokenThrottleS * 1000) throw tooFrequent();
    // Compared as text: the vendor wants lower-case hex and refuses the same digest in capitals.
    if (user !== world.accounts.login || passwordMd5 !== world.userPwdMd5) {
      throw new VendorError(CODE.illegal, "Incorrect user name or password");
    }
    return { result: tokenResult(world, world.tokens.issue(expiresInS)) };
  },
};

/** The lifetime a client asks for, in seconds. */
export function lifetimeIn(params: Record<string, string>): number {
  const wanted = Number(required(params, "expires_in"));
  const { least, most } = TOKEN_LIFETIME_S;
  if (!Number.isInteger(wanted) || wanted < least || wanted > most) {
    throw badParameter(`expires_in must be ${least} to ${most}`);
  }
  return wanted;
}

export function tokenResult(world: World, token: Token): Record<string, unknown> {
  return {
    appKey: world.appKey,
    account: world.accounts.login,
    accessToken: token.accessToken,
    expiresIn: token.expiresInS,
    refreshToken: token.refreshToken,
    time: vendorTime(token.issuedMs),
  };
}
