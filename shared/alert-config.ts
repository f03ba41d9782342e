import * as z from "zod";
import { oncePerEnv } from "./config.ts";

/** Where alerts go: `[operations= or fleet=]<kind>+<URL>`. */
const ALERT_TARGET = /^(?:(operations|fleet)=)?(webhook|slack|teams)\+(https?:\/\/\S+)$/;

/** Where alerts are sent, and what they are about beside what always is wrong. */
const alerts = z
  .object({
    ENVIRONMENT: z.string().catch("unknown"),
    /** Where docs/alerts.md can be read. */
    RUNBOOK_URL: z.string().default(""),
    /** Secret: some of these URLs let whoever has them write. */
    ALERT_TARGETS: z
      .string()
      .default("")
      .transform((text) => text.split(/\s+/).filter(Boolean))
      .transform((entries, context) => entries.flatMap((entry) => alertTarget(entry, context))),
    ALERT_SECRET: z.string().default(""),
    /** A word that is neither expects backups. */
    ALERT_BACKUPS: z.enum(["on", "off"]).catch("on"),
    /** Time of day in the fleet's zone; empty: nobody is told of vehicles that stand. */
    ALERT_NOT_MOVED_BY: z
      .string()
      .regex(
        /^(([01]\d|2[0-3]):[0-5]\d)?$/,
        "ALERT_NOT_MOVED_BY is no time of day: write it like 09:00 in wrangler.toml, or leave it empty",
      )
      .default(""),
  })
  .superRefine(({ ALERT_TARGETS, ALERT_SECRET, ENVIRONMENT }, context) => {
    if (ALERT_TARGETS.some(({ kind }) => kind === "webhook") && !isSigningSecret(ALERT_SECRET)) {
      context.addIssue(
        "ALERT_SECRET does not sign: webhooks in ALERT_TARGETS need whsec_ and 24 to 64 bytes in Base64; wrangler secret put ALERT_SECRET",
      );
    }
    if (ENVIRONMENT !== "dev" && ALERT_TARGETS.some(({ url }) => !url.startsWith("https://"))) {
      context.addIssue(
        "ALERT_TARGETS holds an http:// URL: alerts travel encrypted, but for the local stack",
      );
    }
  });

/** Who hears of alerts. */
export interface AlertTarget {
  kind: "webhook" | "slack" | "teams";
  url: string;
  /** Null: of all. */
  audience: "operations" | "fleet" | null;
}

function alertTarget(entry: string, context: z.RefinementCtx): AlertTarget[] {
  const [, audience = null, kind, url = ""] = ALERT_TARGET.exec(entry) ?? [];
  if (kind === undefined || !URL.canParse(url)) {
    // Not the entry itself: it may be a secret.
    context.addIssue(
      "ALERT_TARGETS holds what is none: webhook+https://…, slack+https://… or teams+https://…, separated by blanks; before it operations= or fleet= for some alerts only",
    );
    return [];
  }
  return [{ kind: kind as AlertTarget["kind"], url, audience: audience as AlertTarget["audience"] }];
}

/** As Standard Webhooks has it. */
function isSigningSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = base64 === undefined ? 0 : Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
  return bytes >= 24 && bytes <= 64;
}

/** Parses who is told what is wrong, once per isolate. @throws Misconfigured */
export const alertConfig = oncePerEnv(alerts);
