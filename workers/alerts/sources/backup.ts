import { alertConfig } from "../../../shared/alert-config.ts";
import { toIso } from "../../../shared/time.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

export const BACKUP_RULES = ["backup_missing"] as const satisfies AlertRuleName[];

const FOLDER = "backup/";

/** A backup is made each night; two hours for one that takes longer than the one before. */
const FRESH_MS = 26 * 3_600_000;

/** Whether a backup was stored since yesterday. @throws whatever R2 throws */
export async function askBackup(env: Env, nowMs: number): Promise<Finding[]> {
  if (alertConfig(env).ALERT_BACKUPS === "off") return [];
  let newestMs = 0;
  let cursor: string | undefined;
  do {
    const listed = await env.BUCKET.list({ prefix: FOLDER, ...(cursor && { cursor }) });
    for (const { uploaded } of listed.objects) newestMs = Math.max(newestMs, uploaded.getTime());
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor);
  if (nowMs - newestMs <= FRESH_MS) return [];
  const text = newestMs === 0 ? `nothing is under ${FOLDER} in R2` : `the newest is of ${toIso(newestMs)}`;
  return [{ rule: "backup_missing", subject: "", text }];
}
