import type { JimiFailure } from "../../shared/jimi/failures.ts";
import type { JimiResult } from "../../shared/jimi/request.ts";
import { log } from "../../shared/log.ts";
import { nowMs, sleep, toIso, within } from "../../shared/time.ts";
import { LIFETIME_S, type Token } from "./token.ts";

/** A token as it stands in the row. */
export type SharedToken = Pick<Token, "accessToken" | "refreshToken" | "expiresAt">;

/** What the database answers; its state is null where it does not. */
export type RowAnswer<Value> = { ok: true; value: Value } | { ok: false; sqlState: string | null };

/** The row of an account, which `workers/shared-token` reads and writes. */
export interface TokenRow {
  /** null where no token stands in it, nor in that of any other account; `others` where only these have rows */
  read(account: string): Promise<RowAnswer<SharedToken | "others" | null>>;
  /** @returns false where the row holds another access token than the one that is expected, and is left as it is */
  write(account: string, token: SharedToken, expected: string | null): Promise<RowAnswer<boolean>>;
}

/** Keeps the token that the session uses. */
export interface TokenHolder {
  current(): Token | undefined;
  keep(given: Omit<Token, "generation">): Token;
}

/** The other client's token has been taken over, or why the row is not known: nothing goes on without it. */
export type Taken = JimiResult<"taken">;

/** What is remembered of the row. Stored under `share`. */
interface ShareState {
  /** The last that were refused, or replaced: they are not taken from the row again. */
  ended: string[];
  /** Whether the row was told of the newest token that this session got. */
  told: boolean;
}

const NOTHING_KNOWN: ShareState = { ended: [], told: false };

/** An older one stands in the row only where as many writes in a row have failed. */
const ENDED_KEPT = 20;

/** What the row says is believed so long. */
const LOOK_EVERY_MS = 60_000;

/**
 * Where a token is refused, the other client has got a new one and puts it into the row at once, or nobody has: so many looks at
 * the row, so far apart, tell. To get one meanwhile would end the other's, and so on.
 */
const LOOKS_FOR_THEIRS = { times: 5, everyMs: 1_000 };

/** Calls wait for the row: one that takes longer is as good as none. */
const PATIENCE_MS = 3_000;

/** SQLSTATEs of a database without the view, or without the right to it. */
const NOT_SET_UP = /^(3F000|42P01|42501|42703)$/;

const TAKEN: Taken = { ok: true, value: "taken" };

/**
 * The row of `private.shared_token`, in which this Worker and the earlier system keep the one token of an account: a new one ends
 * the one before (reference §1.8), so neither may get one behind the other's back.
 */
export class TokenShare {
  readonly #row: TokenRow;
  readonly #storage: DurableObjectStorage;
  readonly #account: string;
  readonly #holder: TokenHolder;
  /** In memory only: a new life of the session looks at once. */
  #lookedAt = 0;
  /** The access token that the row held then. */
  #seen: string | null = null;
  /** Why there is no row to share; nothing goes without. */
  missing: JimiFailure | null = null;

  /** @param account The login of the session. */
  constructor(row: TokenRow, storage: DurableObjectStorage, account: string, holder: TokenHolder) {
    this.#row = row;
    this.#storage = storage;
    this.#account = account;
    this.#holder = holder;
  }

  /** Whether it is time to look again. */
  get isDue(): boolean {
    return Math.abs(nowMs() - this.#lookedAt) >= LOOK_EVERY_MS;
  }

  /**
   * Takes over the token that the other client has put into the row, and tells the row of ours where it lacks it.
   *
   * @param looks How often to look until there is one.
   * @returns null where there is none
   */
  async takeTheirs(looks = 1): Promise<Taken | null> {
    for (let turn = 1; ; turn++) {
      const own = this.#holder.current();
      const look = await this.#look();
      if (!look.ok) return look;
      // Renewed meanwhile: the row that was read is not that of now.
      if (this.#holder.current()?.generation !== own?.generation) return TAKEN;
      const theirs = this.#theirs(look.value, own);
      if (theirs) {
        this.#take(theirs, own);
        return TAKEN;
      }
      if (own && look.value?.accessToken === own.accessToken) this.#remember({ told: true });
      else if (own && this.#isLacking(own)) await this.#write(own);
      if (turn >= looks) return null;
      await sleep(LOOKS_FOR_THEIRS.everyMs);
    }
  }

  /** The same, for as long as the other may need to write down what it has got. */
  awaitTheirs(): Promise<Taken | null> {
    return this.takeTheirs(LOOKS_FOR_THEIRS.times);
  }

  /** The same, for a token that was refused. */
  replace(refused: Token): Promise<Taken | null> {
    this.#bury(refused);
    return this.awaitTheirs();
  }

  /**
   * Puts a token that was just got into the row. Where the other has put one there since the last look, that is taken over: it was
   * most likely got later, and ended ours. What cannot be written is tried again with the next look.
   */
  async tell(token: Token, old: Token | undefined): Promise<void> {
    if (old) this.#bury(old);
    this.#remember({ told: false });
    if ((await this.#write(token)) === "outrun") await this.takeTheirs();
  }

  async #look(): Promise<JimiResult<SharedToken | null>> {
    this.#lookedAt = nowMs();
    const answer = await this.#ask(() => this.#row.read(this.#account));
    if (answer.ok && answer.value !== "others") {
      this.missing = null;
      this.#seen = answer.value?.accessToken ?? null;
      return { ok: true, value: answer.value };
    }
    const failure = answer.ok ? ONLY_OTHERS : unshared(answer.sqlState);
    this.missing = answer.ok || isMissing(answer.sqlState) ? failure : null;
    return { ok: false, failure };
  }

  /** What stands in the row, where it is another client's token and to be used instead of our own. */
  #theirs(shared: SharedToken | null, own: Token | undefined): SharedToken | null {
    if (shared === null || shared.expiresAt <= nowMs()) return null;
    const known = [own?.accessToken, ...this.#state.ended];
    return known.includes(shared.accessToken) ? null : shared;
  }

  #take(theirs: SharedToken, own: Token | undefined): void {
    if (own) this.#bury(own);
    const issuedAt = nowMs();
    const expiresAt = Math.min(theirs.expiresAt, issuedAt + LIFETIME_S * 1000);
    const { generation } = this.#holder.keep({ ...theirs, issuedAt, expiresAt });
    this.#remember({ told: true });
    log("info", "vendor_token_shared", { generation, expiresAt: toIso(expiresAt) });
  }

  /** Whether the row has still to be told of a token. */
  #isLacking(own: Token): boolean {
    const { ended, told } = this.#state;
    return !told && !ended.includes(own.accessToken) && own.expiresAt > nowMs();
  }

  /** Puts a token into the row, unless that holds another than when it was looked at. */
  async #write(token: Token): Promise<"written" | "outrun" | "failed"> {
    const { accessToken, refreshToken, expiresAt, generation } = token;
    const shared = { accessToken, refreshToken, expiresAt };
    const answer = await this.#ask(() => this.#row.write(this.#account, shared, this.#seen));
    if (!answer.ok) {
      const reason = unshared(answer.sqlState).message;
      log("error", "vendor_token_not_shared", { generation, reason });
      return "failed";
    }
    if (!answer.value) return "outrun";
    this.#remember({ told: true });
    return "written";
  }

  /** Notes that a token is of no use any more. */
  #bury({ accessToken }: Token): void {
    const others = this.#state.ended.filter((ended) => ended !== accessToken);
    this.#remember({ ended: [...others, accessToken].slice(-ENDED_KEPT) });
  }

  get #state(): ShareState {
    return { ...NOTHING_KNOWN, ...this.#storage.kv.get<Partial<ShareState>>("share") };
  }

  #remember(known: Partial<ShareState>): void {
    this.#storage.kv.put("share", { ...this.#state, ...known });
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
