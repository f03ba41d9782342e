import { doorHosts, pushConfig } from "../../shared/config.ts";
import { readAddress } from "./address.ts";
import { type TokenCheck, tokenCheck } from "./authenticate.ts";

/**
 * Whether a request is for the push door. A deployed environment has a host of its own for it; a local one serves
 * both doors on one address, so the path decides there.
 */
export function isForPushes(request: Request, env: Env): boolean {
  const { PUSH_HOSTS, API_HOSTS } = doorHosts(env);
  const url = new URL(request.url);
  if (PUSH_HOSTS.length > 0 || API_HOSTS.length > 0) return PUSH_HOSTS.includes(url.host);
  const { hasToken, kind } = readAddress(url.pathname, checkOf(env));
  return hasToken || kind !== "push_other";
}

/** Tokens that cannot be used must not keep the other door shut. */
function checkOf(env: Env): TokenCheck {
  try {
    return tokenCheck(pushConfig(env));
  } catch {
    return () => false;
  }
}
