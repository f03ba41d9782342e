import { invalidToken } from "../errors.ts";
import { type Method, required } from "../method.ts";
import { lifetimeIn, tokenResult } from "./token-get.ts";

/** `jimi.oauth.token.refresh` (reference §1.8). It takes expired access tokens too: clients try it first. */
export const tokenRefresh: Method = {
  name: "jimi.oauth.token.refresh",
  needsToken: false,
  answer: ({ world, params }) => {
    const accessToken = required(params, "access_token");
    const refreshToken = required(params, "refresh_token");
    const token = world.tokens.refresh(accessToken, refreshToken, lifetimeIn(params));
    if (token === undefined) throw invalidToken();
    // A number from `get`, text from here (§4, quirk 26).
    return { result: { ...tokenResult(world, token), expiresIn: String(token.expiresInS) } };
  },
};
