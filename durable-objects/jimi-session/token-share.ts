import type { JimiFailure } from "../../shared/jimi/failures.ts";
import { nowMs, within } from "../../shared/time.ts";
import type { Token } from "./token.ts";

/** A token as it stands in the row. */
export type SharedToken = Pick<Token, "accessToken" | "refreshToken" | "expiresAt">;

/** What the database answers; its state is null where it does not. */
export type RowAnswer<Value> = { ok: true; value: Value } | { ok: false; sqlState: string | null };

/** The row of an account, which `workers/shared-token` reads and writes. */
export interface TokenRow {
  /** null where no token stands in it, nor in that of any other account; `others` where only these have rows */
  read(account: string): Promise<RowAnswer<SharedToken | "others" | null>>;
  write(account: string, token: SharedToken): Promise<RowAnswer<null>>;
}

/** What is remembered of the row. Stored under `share`. */
interface ShareState {
  /** Refused, or replaced: it is not taken from the row again. */
  dead: string | null;
  /** Whether the row was told of the newest token that this session got. */
  told: boolean;
}

/** What a look at the row brings: null is no row. */
export type Look = { ok: true; shared: SharedToken | null } | { ok: false; failure: JimiFailure };

/** What the row says is believed so long. */
const LOOK_EVERY_MS = 60_000;

/** Calls wait for the row: one that takes longer is as good as none. */
const PATIENCE_MS = 3_000;

/** SQLSTATEs of a database without the view, or without the right to it. */
const NOT_SET_UP = /^(3F000|42P01|42501|42703)$/;

/**
 * What a session knows of the row of `private.shared_token`, in which this Worker and the earlier system keep the one token of
 * an account: a new one ends the one before (reference §1.8), so neither may get one behind the other's back.
 */
export class TokenShare {
  readonly #row: TokenRow;
  readonly #storage: DurableObjectStorage;
  readonly #account: string;
  /** In memory only: a new life of the session looks at once. */
  #lookedAt = 0;
  /** Why there is no row to share; nothing goes without. */
  missing: JimiFailure | null = null;

  /** @param account The login of the session. */
  constructor(row: TokenRow, storage: DurableObjectStorage, account: string) {
    this.#row = row;
    this.#storage = storage;
    this.#account = account;
  }

  /** Whether it is time to look again. */
  get isDue(): boolean {
    return Math.abs(nowMs() - this.#lookedAt) >= LOOK_EVERY_MS;
  }

  /** Reads the row. */
  async look(): Promise<Look> {
    this.#lookedAt = nowMs();
    const answer = await this.#ask(() => this.#row.read(this.#account));
    if (answer.ok && answer.value !== "others") {
      this.missing = null;
      return { ok: true, shared: answer.value };
    }
    const failure = answer.ok ? ONLY_OTHERS : unshared(answer.sqlState);
    this.missing = answer.ok || isMissing(answer.sqlState) ? failure : null;
    return { ok: false, failure };
  }

  /** What stands in the row, where it is another client's token and to be used instead of our own. */
  theirs(shared: SharedToken | null, own: Token | undefined): SharedToken | null {
    if (shared === null || shared.expiresAt <= nowMs()) return null;
    const known = [own?.accessToken, this.#state.dead];
    return known.includes(shared.accessToken) ? null : shared;
  }

  /** Whether the row has still to be told of a token. */
  lacks(own: Token): boolean {
    const { dead, told } = this.#state;
    return !told && own.accessToken !== dead && own.expiresAt > nowMs();
  }

  /** Notes that a token is of no use any more. */
  bury({ accessToken }: Token): void {
    this.#state = { ...this.#state, dead: accessToken };
  }

  /** Notes that the session has taken over what the row holds. */
  took(): void {
    this.#state = { ...this.#state, told: true };
  }

  /** Puts a token into the row. @returns why it is not there; it is tried again with the next look */
  async tell(token: Token): Promise<JimiFailure | null> {
    this.#state = { ...this.#state, told: false };
    const { accessToken, refreshToken, expiresAt } = token;
    const answer = await this.#ask(() =>
      this.#row.write(this.#account, { accessToken, refreshToken, expiresAt }),
    );
    if (!answer.ok) return unshared(answer.sqlState);
    this.#state = { ...this.#state, told: true };
    return null;
  }

  get #state(): ShareState {
    return this.#storage.kv.get<ShareState>("share") ?? { dead: null, told: false };
  }

  set #state(state: ShareState) {
    this.#storage.kv.put("share", state);
  }

  async #ask<Value>(call: () => Promise<RowAnswer<Value>>): Promise<RowAnswer<Value>> {
    const silent = { ok: false, sqlState: null } as const;
    return (await within(call(), PATIENCE_MS).catch(() => silent)) ?? silent;
  }
}

/** A row of our own beside theirs would be read by nobody. */
const ONLY_OTHERS: JimiFailure = {
  kind: "unshared",
  message:
    "SHARE_TOKEN is on, but private.shared_token has rows of other accounts only: write TRACKSOLID_USER as the earlier system writes it, or set SHARE_TOKEN to off where that system does not use the account",
};

const isMissing = (state: string | null) => state !== null && NOT_SET_UP.test(state);

function unshared(state: string | null): JimiFailure {
  const message = isMissing(state)
    ? `SHARE_TOKEN is on, but ingest_app finds no private.shared_token in this database (${state}): adopt the earlier system's database, or set SHARE_TOKEN to off where nobody else uses the account`
    : `The token shared with the earlier system cannot be read or written: the database ${state === null ? "does not answer" : `answers ${state}`}`;
  return { kind: "unshared", message };
}
