import type postgres from "postgres";
import { unsignedCall, type VendorAnswer } from "../vendor-client.ts";
import type { World } from "../world.ts";

/** Makes, anew, what a database that was adopted has: the earlier system's table, and the view of it that the Worker sees. */
export async function makeSharedToken(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    drop table if exists tracksolid.api_token_cache cascade;
    create table tracksolid.api_token_cache (
      account varchar(64) primary key, access_token text, refresh_token text, expires_at timestamptz,
      updated_at timestamptz default now()
    );
    create view private.shared_token as
      select account, access_token, refresh_token, expires_at, updated_at from tracksolid.api_token_cache;
    revoke all on tracksolid.api_token_cache from ingest_app;
    grant select, insert, update on private.shared_token to ingest_app;`);
}

/** A row of its table. */
export interface CachedToken {
  access_token: string;
  refresh_token: string;
  expires_at: Date;
}

/** A token that is not known, and one that has ended. Whatever else is wrong, another token does not help. */
const REFUSALS = [1003, 1004];

/** It renews a minute before the end. */
const AHEAD_MS = 60_000;

/**
 * The earlier system, as little considerate as one can be that keeps its token in a table: it reads it before a poll, renews
 * it at once when it is refused, whoever else may have done so, and knows no lock.
 */
export class EarlierSystem {
  readonly #world: World;
  readonly #sql: postgres.Sql | postgres.TransactionSql;
  polls = 0;
  /** Polls that brought nothing. */
  lost = 0;

  constructor(world: World, sql: postgres.Sql | postgres.TransactionSql) {
    this.#world = world;
    this.#sql = sql;
  }

  async poll(): Promise<void> {
    const target = this.#world.info.accounts[0] ?? "";
    await this.ask("jimi.user.device.location.list", { target });
  }

  /** @returns what the vendor answers; null where it refuses twice */
  async ask(method: string, params: Record<string, string | number>): Promise<VendorAnswer | null> {
    this.polls += 1;
    const cached = await this.cached();
    const isGood = cached && cached.expires_at.getTime() - Date.now() > AHEAD_MS;
    const token = isGood ? cached : await this.renew();
    const first = token && (await this.#askWith(token, method, params));
    if (first) return first;
    const other = await this.renew();
    const second = other ? await this.#askWith(other, method, params) : null;
    if (!second) this.lost += 1;
    return second ?? null;
  }

  async cached(): Promise<CachedToken | undefined> {
    const [row] = await this.#sql<CachedToken[]>`
      select access_token, refresh_token, expires_at from tracksolid.api_token_cache
      where account = ${this.#world.info.userId}`;
    return row;
  }

  /** Refreshes, or logs in, and writes down what came. */
  async renew(): Promise<CachedToken | undefined> {
    const token = await this.renewed();
    if (token) await this.keep(token);
    return token;
  }

  /** What the vendor gives, not written down yet. */
  async renewed(): Promise<CachedToken | undefined> {
    const { userId, userPwdMd5 } = this.#world.info;
    const cached = await this.cached();
    const expires_in = 7200;
    const refreshed =
      cached &&
      (await this.#call("jimi.oauth.token.refresh", {
        ...{ access_token: cached.access_token, refresh_token: cached.refresh_token, expires_in },
      }));
    const answer = refreshed?.result
      ? refreshed
      : await this.#call("jimi.oauth.token.get", { user_id: userId, user_pwd_md5: userPwdMd5, expires_in });
    if (!answer.result) return undefined;
    const { accessToken, refreshToken, expiresIn } = answer.result as Record<string, string>;
    return {
      access_token: String(accessToken),
      refresh_token: String(refreshToken),
      expires_at: new Date(Date.now() + Number(expiresIn) * 1000),
    };
  }

  async keep({ access_token, refresh_token, expires_at }: CachedToken): Promise<void> {
    await this.#sql`
      insert into tracksolid.api_token_cache values
        (${this.#world.info.userId}, ${access_token}, ${refresh_token}, ${expires_at}, now())
      on conflict (account) do update set access_token = excluded.access_token,
        refresh_token = excluded.refresh_token, expires_at = excluded.expires_at, updated_at = excluded.updated_at`;
  }

  async #askWith(
    { access_token }: CachedToken,
    method: string,
    params: Record<string, string | number>,
  ): Promise<VendorAnswer | null> {
    const answer = await this.#call(method, { access_token, ...params });
    return REFUSALS.includes(Number(answer.code)) ? null : answer;
  }

  get #call() {
    return unsignedCall(this.#world);
  }
}
