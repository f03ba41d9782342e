import { identifier } from "../../shared/quote.ts";
import type { Found } from "./found.ts";
import { TOKEN_TABLE } from "./grants.ts";
import type { Line } from "./lines.ts";
import { groupOf } from "./types.ts";

/** What the earlier system may call what the session of the vendor shares with it. */
const NAMES: Record<string, string[]> = {
  account: ["account", "account_name", "user_id", "username"],
  access_token: ["access_token", "token"],
  refresh_token: ["refresh_token"],
  expires_at: ["expires_at", "token_expires_at", "expire_at", "expiry"],
  updated_at: ["updated_at", "refreshed_at", "fetched_at", "created_at"],
};

/** The view by which the Worker reads and writes the token that both systems use (setting SHARE_TOKEN). */
export function tokenSql(found: Found): { sql: string; lines: Line[] } {
  const there = found.relations.find(({ name, kind }) => name === TOKEN_TABLE && kind === "table");
  if (!there) return { sql: "", lines: [] };
  const columns = Object.entries(NAMES).map(([ours, names]) => {
    const theirs = names.flatMap((name) => there.columns.find((column) => column.name === name) ?? [])[0];
    const wanted = ours.endsWith("_at") ? "time" : "text";
    return theirs && groupOf(theirs.type) === wanted ? { ours, theirs: theirs.name } : { ours, theirs: null };
  });
  const missing = columns.filter(({ theirs }) => theirs === null).map(({ ours }) => ours);
  const account = columns.find(({ ours }) => ours === "account")?.theirs;
  const isKey = there.uniques.some((unique) => unique.length === 1 && unique[0] === account);
  if (missing.length > 0 || !isKey) {
    const why = missing.length > 0 ? `has no ${missing.join(", ")}` : `has no unique key on ${account}`;
    const detail = `${why}: the token cannot be shared, so only one system may poll the vendor at a time`;
    return { sql: "", lines: [{ what: "kept", object: TOKEN_TABLE, detail }] };
  }
  const list = columns.map(({ ours, theirs }) => `${identifier(theirs as string)} as ${ours}`).join(", ");
  return {
    sql: [
      "set local role tracksolid_owner;",
      `create view private.shared_token as select ${list} from ${TOKEN_TABLE};`,
      "comment on view private.shared_token is 'The token of the vendor that the system before this one uses, too, by our names.';",
      "grant select, insert, update on private.shared_token to ingest_app;",
      // What is new in the schema a dump reads by default.
      "revoke all on private.shared_token from backup_ro;",
      "reset role;",
    ].join("\n"),
    lines: [
      {
        what: "changed",
        object: TOKEN_TABLE,
        detail:
          "no reader may read it any more; the Worker shares it as private.shared_token where SHARE_TOKEN is on",
      },
    ],
  };
}
