import type { Context } from "hono";
import type { Scope } from "../../shared/access.ts";

/** Who calls. */
export interface Caller {
  /** Key id, or `anonymous`. */
  id: string;
  /** Name of the key in KV; null without one. */
  keyName: string | null;
  /** Origin that a publishable key came from. */
  origin: string | null;
  /** When the key ends, ms since the epoch. */
  expiresAtMs: number | null;
  scopes: readonly Scope[];
}

/** Types of the Hono app: its bindings and what middleware puts beside a request. */
export interface ApiEnv {
  Bindings: Env;
  Variables: { requestId: string; caller: Caller };
}

export type ApiContext = Context<ApiEnv>;
