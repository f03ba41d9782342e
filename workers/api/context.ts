import type { Context } from "hono";
import type postgres from "postgres";
import type { KeyRecord, Scope } from "../../shared/access.ts";
import type { ProblemCode } from "../../shared/errors.ts";

/** Who calls. */
export interface Caller {
  /** Key id, or `anonymous`. */
  id: string;
  kind: "anonymous" | KeyRecord["kind"];
  /** Whose the key is, as whoever made it wrote. */
  label?: string;
  /** Who came through Cloudflare Access. */
  email?: string;
  /** Name in KV of the key, or of the person; null without one. */
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
  Variables: {
    requestId: string;
    /** The reader's client, once something was asked. */
    sql?: postgres.Sql;
    /** Unknown until admission. */
    caller?: Caller;
    /** Of whoever asks at the analysts' door. */
    analystId?: string;
    /** Path of the earlier system that was asked for. */
    oldRoute?: string;
    /** Of the answer, where it is one. */
    problem?: ProblemCode;
    /** Set where an answer depends on the key it was asked with. */
    asksForKey?: true;
    /** `RateLimit-Policy` of a caller who is limited. */
    ratePolicy?: string;
    /** What a page's headers have different from those of every answer. */
    pageHeaders?: Record<string, string>;
  };
}

export type ApiContext = Context<ApiEnv>;
