import * as z from "zod";
import { alertConfig } from "../../../shared/alert-config.ts";
import { parseJson } from "../../../shared/text.ts";
import { toIso } from "../../../shared/time.ts";
import type { AlertRuleName, Finding } from "../rules.ts";

export const BACKUP_RULES = ["backup_missing", "backup_unverified"] as const satisfies AlertRuleName[];

/** As `npm run backup` writes them (docs/backup.md). */
const MANIFESTS = "backup/manifests/";
const VERIFIED = "backup/verified/";

/** The name of a backup begins with when its snapshot was taken. */
const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-[0-9a-f-]{36}\.json$/;

/** How closely somebody looked: each finds what those before it do. */
const LEVELS = ["objects", "rows", "restored"] as const;

/** What came of looking at a backup, as far as it is told here. */
const verification = z.object({
  level: z.enum(LEVELS),
  isWell: z.boolean(),
  faults: z.array(z.string()),
});

const HOUR_MS = 3_600_000;

/** A backup is made each night; two hours for one that takes longer than the one before. */
const FRESH_MS = 26 * HOUR_MS;

/** The drill that restores one is every week; a day for one that is tried again. */
const VERIFIED_WITHIN_MS = 8 * 24 * HOUR_MS;

/** A backup that is whole. */
interface Backup {
  id: string;
  snapshotMs: number;
}

/** Whether there is a backup of the last night, and one that somebody has looked at. @throws whatever R2 throws */
export async function askBackup(env: Env, nowMs: number): Promise<Finding[]> {
  if (alertConfig(env).ALERT_BACKUPS === "off") return [];
  const backups = await listBackups(env);
  return [...missing(backups, nowMs), ...(await unverified(env, backups, nowMs))];
}

/** The newest first. */
async function listBackups(env: Env): Promise<Backup[]> {
  const backups: Backup[] = [];
  let cursor: string | undefined;
  do {
    const listed = await env.BUCKET.list({ prefix: MANIFESTS, ...(cursor && { cursor }) });
    for (const { key } of listed.objects) {
      const name = key.slice(MANIFESTS.length);
      const [, day, hour, minute, second] = NAME.exec(name) ?? [];
      const snapshotMs = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
      if (!Number.isNaN(snapshotMs)) backups.unshift({ id: name.slice(0, -".json".length), snapshotMs });
    }
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor);
  return backups;
}

function missing([newest]: Backup[], nowMs: number): Finding[] {
  if (newest && nowMs - newest.snapshotMs <= FRESH_MS) return [];
  const text = newest
    ? `the newest is of ${toIso(newest.snapshotMs)}`
    : `nothing is under ${MANIFESTS} in R2`;
  return [{ rule: "backup_missing", subject: "", text }];
}

/** What was said last of a backup of these days decides; but a drill that failed is answered by another alone, not by a look at less. */
async function unverified(env: Env, backups: Backup[], nowMs: number): Promise<Finding[]> {
  const recent = backups.filter(({ snapshotMs }) => nowMs - snapshotMs <= VERIFIED_WITHIN_MS);
  let proven = -1;
  for (const { id, snapshotMs } of recent) {
    const object = await env.BUCKET.get(`${VERIFIED}${id}.json`);
    const { data } = verification.safeParse(object === null ? null : parseJson(await object.text()));
    if (!data) continue;
    const level = LEVELS.indexOf(data.level);
    if (data.isWell) proven = Math.max(proven, level);
    else if (level > proven) {
      const why = data.faults[0] ?? "it does not say why";
      return [found(`the backup of ${toIso(snapshotMs)} is not well: ${why}`)];
    }
  }
  if (proven >= 0) return [];
  // The first one has yet to be looked at; where there is none, that is told.
  const oldest = recent.at(-1);
  if (!oldest || nowMs - oldest.snapshotMs <= FRESH_MS) return [];
  return [found("nobody has looked at any of the last eight days: npm run backup:verify")];
}

const found = (text: string): Finding => ({ rule: "backup_unverified", subject: "", text });
