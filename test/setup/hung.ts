import type postgres from "postgres";

/** Holds still what serves the sessions of a role, as a machine that hangs: nothing answers, and nothing is closed. */
export async function whileHung(sql: postgres.Sql, role: string, act: () => Promise<void>): Promise<void> {
  const pids = (
    await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where usename = ${role} and datname = current_database()`
  ).map(({ pid }) => pid);
  if (pids.length === 0) throw new Error(`${role} has no session`);
  try {
    for (const pid of pids) signal(pid, "SIGSTOP");
    await act();
  } finally {
    for (const pid of pids) signal(pid, "SIGCONT");
  }
}

/** A session that has ended meanwhile needs none. */
function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
