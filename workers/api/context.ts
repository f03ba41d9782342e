import type { Context } from "hono";
import type { Scope } from "../../shared/access.ts";

/** Who calls. */
export interface Caller {
  /** Key id, or `anonymous`. */
  id: string;
  scopes: readonly Scope[];
}

/** Types of the Hono app: its bindings and what middleware puts beside a request. */
export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    caller: Caller;
    /** Set where an answer depends on the key it was asked with. */
    asksForKey?: true;
    /** `RateLimit-Policy` of a caller who is limited. */
    ratePolicy?: string;
  };
}

export type ApiContext = Context<ApiEnv>;
