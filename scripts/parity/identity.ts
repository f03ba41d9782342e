import type { Side } from "./side.ts";

/** A database, as its server knows it. */
interface Identity {
  name: string;
  key: string;
}

/**
 * Tells databases apart that have one name, and knows one by any address. A copy of a server's files has its system identifier
 * and the numbers of its databases, but is a server of its own that was started at another moment.
 */
export async function identify(side: Side): Promise<Identity> {
  const [row] = await side.rows<{ name: string; started: string; oid: string; may_ask: boolean }>(`
    select datname as name, oid::text, extract(epoch from pg_postmaster_start_time())::text as started,
      has_function_privilege('pg_control_system()', 'execute') as may_ask
    from pg_database where datname = current_database()`);
  const [control] = row?.may_ask
    ? await side.rows<{ id: string }>("select system_identifier::text as id from pg_control_system()")
    : [];
  return { name: row?.name ?? "", key: JSON.stringify([row?.oid, row?.started, control?.id]) };
}
