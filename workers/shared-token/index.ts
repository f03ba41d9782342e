import { WorkerEntrypoint } from "cloudflare:workers";
import type postgres from "postgres";
import readSql from "#sql/workers/shared-token/read.sql";
import writeSql from "#sql/workers/shared-token/write.sql";
import type { RowAnswer, SharedToken, TokenRow } from "../../durable-objects/jimi-session/token-share.ts";
import { openDatabase, sqlState } from "../../shared/database.ts";
import { nowMs, toIso } from "../../shared/time.ts";

const UNIQUE_VIOLATION = "23505";

/**
 * The row of `private.shared_token`, for the session of the vendor's API. An entrypoint of its own, so that the connection ends
 * with the call: the session itself lives for days and holds none.
 */
export class SharedTokenRow extends WorkerEntrypoint<Env> implements TokenRow {
  async read(account: string): Promise<RowAnswer<SharedToken | "others" | null>> {
    const answer = await this.#ask<Partial<SharedToken> & { onlyOthers: boolean }>(readSql, [account]);
    if (!answer.ok) return answer;
    const { accessToken, refreshToken = "", expiresAt = 0, onlyOthers } = answer.value[0] ?? {};
    if (onlyOthers) return { ok: true, value: "others" };
    return { ok: true, value: accessToken ? { accessToken, refreshToken, expiresAt } : null };
  }

  async write(account: string, token: SharedToken, expected: string | null): Promise<RowAnswer<boolean>> {
    const { accessToken, refreshToken, expiresAt } = token;
    const values = [account, accessToken, refreshToken, toIso(expiresAt), toIso(nowMs()), expected];
    const answer = await this.#ask(writeSql, values);
    if (answer.ok) return { ok: true, value: answer.value.length > 0 };
    // The other client has made the row at the same moment.
    return answer.sqlState === UNIQUE_VIOLATION ? { ok: true, value: false } : answer;
  }

  async #ask<Row extends object>(statement: string, values: (string | null)[]): Promise<RowAnswer<Row[]>> {
    try {
      const sql = openDatabase(this.env.DB_INGEST);
      const rows = await sql.unsafe<(Row & postgres.Row)[]>(statement, values, { prepare: true });
      return { ok: true, value: Array.from(rows) };
    } catch (error) {
      // The message may quote the row: only its state is told.
      return { ok: false, sqlState: sqlState(error) };
    }
  }
}
