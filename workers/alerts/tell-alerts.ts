import { alertDesk } from "../../durable-objects/alert-desk/index.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { JobContext } from "../polls/outcome.ts";
import type { AlertRuleName, Finding } from "./rules.ts";
import { askBackup, BACKUP_RULES } from "./sources/backup.ts";
import { askDatabase, DATABASE_RULES } from "./sources/database.ts";
import { askKept, KEPT_RULES } from "./sources/kept.ts";
import { askQueue, QUEUE_RULES } from "./sources/queue.ts";
import { askVendorSession, VENDOR_RULES } from "./sources/vendor.ts";

/** Who is asked, each by itself, and of which rules nothing is known where it does not answer. */
const SOURCES: {
  name: string;
  rules: readonly AlertRuleName[];
  ask(env: Env, nowMs: number): Promise<Finding[]>;
}[] = [
  { name: "database", rules: DATABASE_RULES, ask: askDatabase },
  { name: "kept", rules: KEPT_RULES, ask: askKept },
  { name: "queue", rules: QUEUE_RULES, ask: askQueue },
  { name: "vendor", rules: VENDOR_RULES, ask: askVendorSession },
  { name: "backup", rules: BACKUP_RULES, ask: askBackup },
];

/** Every five minutes: finds what deserves an alert, and leaves it to the desk which of it is news. */
export async function tellAlerts({ env, startedMs, outcome }: JobContext): Promise<void> {
  const unknown: AlertRuleName[] = [];
  const findings: Finding[] = [];
  await Promise.all(
    SOURCES.map(async ({ name, rules, ask }) => {
      try {
        findings.push(...(await ask(env, startedMs)));
      } catch (error) {
        log("error", "alert_source_down", { source: name, error: messageOf(error) });
        unknown.push(...rules);
        if (name !== "database") return;
        findings.push({
          rule: "database_down",
          subject: "",
          text: "it was asked for what alerts are made of",
        });
      }
    }),
  );
  outcome.itemsReceived = findings.length;
  await alertDesk(env).tell({ findings, unknown, atMs: startedMs });
}
