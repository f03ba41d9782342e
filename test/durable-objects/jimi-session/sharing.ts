import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import postgres from "postgres";
import { inject, vi } from "vitest";
import { JimiSession } from "../../../durable-objects/jimi-session/index.ts";
import type { SharedToken } from "../../../durable-objects/jimi-session/token-share.ts";
import { localRoleUrls } from "../../../scripts/database/roles.ts";
import type { JimiSessionPort, Permit } from "../../../shared/jimi/client.ts";
import { SharedTokenRow } from "../../../workers/shared-token/index.ts";
import { type CachedToken, EarlierSystem, makeSharedToken } from "../../setup/earlier/session.ts";
import { vendorSettings, World } from "../../setup/world.ts";

export const METHOD = "jimi.user.device.location.list";

/** Nobody listens there. */
export const NOBODY = { connectionString: "postgres://x:x@127.0.0.1:1/x" };

/** Makes the earlier system keep local times, which a view with triggers turns into instants. */
export async function keepLocalTimes(sql: postgres.Sql, zone = "Africa/Nairobi"): Promise<void> {
  await sql.unsafe(`
    drop view private.shared_token;
    alter table tracksolid.api_token_cache alter expires_at type timestamp using expires_at at time zone '${zone}';
    create view private.shared_token as
      select account, access_token, refresh_token, expires_at at time zone '${zone}' as expires_at, updated_at
      from tracksolid.api_token_cache;
    grant select, insert, update on private.shared_token to ingest_app;
    create or replace function private.keep_shared_token() returns trigger language plpgsql security definer as $$
    begin
      insert into tracksolid.api_token_cache values (
        new.account, new.access_token, new.refresh_token, new.expires_at at time zone '${zone}', new.updated_at
      )
      on conflict (account) do update set access_token = excluded.access_token,
        refresh_token = excluded.refresh_token, expires_at = excluded.expires_at;
      return new;
    end $$;
    create trigger keep instead of insert or update on private.shared_token
      for each row execute function private.keep_shared_token()`);
}

/** A session whose row is in the database of its bindings; the real one asks an entrypoint that has its own. */
class OwnSession extends JimiSession {
  protected override tokenRow() {
    const row = () => new SharedTokenRow(createExecutionContext(), this.env);
    return {
      read: (account: string) => row().read(account),
      write: (account: string, token: SharedToken, expected: string | null) =>
        row().write(account, token, expected),
    };
  }
}

/** A session that shares its token with the earlier system: a world of their own, a database that one test has at a time. */
export class Sharing {
  readonly world: World;
  /** Superuser of the database. */
  readonly sql: postgres.Sql;
  readonly earlier: EarlierSystem;
  /** The session's bindings; a change is seen by its next look. */
  readonly bindings: Env;
  /** Runs in the object, whose storage and connections nobody else may touch. */
  readonly session: JimiSessionPort;
  readonly #startMs = Date.now();

  private constructor(world: World, sql: postgres.Sql, bindings: Env, session: JimiSessionPort) {
    this.world = world;
    this.sql = sql;
    this.bindings = bindings;
    this.session = session;
    this.earlier = new EarlierSystem(world, sql);
  }

  static async make(bindings: Record<string, unknown> = {}): Promise<Sharing> {
    const world = await World.make(inject("simulatorUrl"), { vehicles: 3 });
    const { adoptedUrl } = inject("cluster");
    const sql = postgres(adoptedUrl, { max: 1, onnotice: () => {} });
    await makeSharedToken(sql);
    const own = {
      ...{ ...env, ...vendorSettings(world.info), SHARE_TOKEN: "on" },
      ...{ DB_INGEST: { connectionString: localRoleUrls(adoptedUrl).ingest }, ...bindings },
    } as unknown as Env;
    const stub = env.JIMI_SESSION.getByName(crypto.randomUUID());
    let session: OwnSession | undefined;
    const inObject = <Value>(act: (session: OwnSession) => Promise<Value>) =>
      runInDurableObject(stub, (_, state) => {
        session ??= new OwnSession(state, own);
        return act(session);
      });
    return new Sharing(world, sql, own, {
      permit: (method, rejected) => inObject((object) => object.permit(method, rejected)),
      report: (method, failure) => inObject((object) => object.report(method, failure)),
    });
  }

  /** Moves our clock, the earlier system's and the vendor's together; timers stay real. */
  async travel(ms: number): Promise<void> {
    vi.setSystemTime(this.#startMs + ms);
    await this.world.shiftClock(ms);
  }

  /** A permit that has to be given. */
  async permit(rejected: number | null = null): Promise<Extract<Permit, { granted: true }>> {
    const answer = await this.session.permit(METHOD, rejected);
    if (!answer.granted) throw new Error(`refused: ${answer.failure.kind} ${answer.failure.message}`);
    return answer;
  }

  /**
   * The earlier system gets a token while `asked` waits to write down its own, which this ends, and is the first to write.
   *
   * @param lockSql Locks the row, so that `asked` has to wait.
   */
  async outrun(asked: () => Promise<unknown>, lockSql: string): Promise<CachedToken | undefined> {
    let waiting: Promise<unknown> | undefined;
    const theirs = await this.sql.begin(async (sql) => {
      await sql.unsafe(lockSql);
      waiting = asked();
      const isWaiting = async () =>
        (await sql`select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`)
          .length > 0;
      await vi.waitUntil(isWaiting, { timeout: 5_000, interval: 10 });
      return new EarlierSystem(this.world, sql).renew();
    });
    await waiting;
    return theirs;
  }

  /** Methods that got or refreshed a token, in order. */
  async tokenCalls(): Promise<string[]> {
    const calls = await this.world.calls();
    return calls.map(({ method }) => method).filter((method) => method.startsWith("jimi.oauth.token."));
  }
}
