import * as z from "zod";
import { analystLimits, settings } from "./settings.ts";

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
  );

const required = (name: string, remedy: string) =>
  z.string({ error: `${name} is missing: ${remedy}` }).min(1, `${name} is empty: ${remedy}`);

const secret = (name: string) => required(name, `wrangler secret put ${name} (locally: a line in .dev.vars)`);

const vendor = z.object({
  TRACKSOLID_API_URL: required(
    "TRACKSOLID_API_URL",
    "set it in wrangler.toml to the node of your app key",
  ).transform(withRoute),
  TRACKSOLID_TARGETS: list.refine(
    (targets) => targets.length > 0,
    "TRACKSOLID_TARGETS is empty: list the accounts to poll in wrangler.toml, separated by commas",
  ),
  /** Tried in this order; a type that a node refuses gives way to `off` and `on`. */
  PARKING_ACC_TYPES: list
    .transform((types) => (types.length === 0 ? ["0"] : types))
    .refine(
      (types) => types.every((type) => /^[A-Za-z0-9]{1,10}$/.test(type)),
      "PARKING_ACC_TYPES holds what is none: 0, off (parking) or on (idling), separated by commas",
    ),
  /** A word that is neither is refused: `off` by mistake takes the token away from the earlier system. */
  SHARE_TOKEN: z
    .enum(["on", "off"], { error: "SHARE_TOKEN must be on or off: correct it in wrangler.toml" })
    .default("off"),
  TRACKSOLID_APP_KEY: secret("TRACKSOLID_APP_KEY"),
  TRACKSOLID_APP_SECRET: secret("TRACKSOLID_APP_SECRET"),
  TRACKSOLID_USER: secret("TRACKSOLID_USER"),
  TRACKSOLID_PASSWORD: secret("TRACKSOLID_PASSWORD"),
});

/** Where addresses are looked up unless told otherwise. */
const PUBLIC_GEOCODER = "https://nominatim.openstreetmap.org/reverse";

/** What `makeDsn` of @sentry/core takes; it would write a malformed one into the log. */
const DSN = /^https?:\/\/\w+(:\w+)?@(\[[:.%\w]+\]|[\w.-]+)(:\d+)?\/([^?#\s]+\/)?\d+$/;

const sentryDsn = z
  .string()
  .default("")
  .refine(
    (text) => text === "" || DSN.test(text),
    "SENTRY_DSN is malformed: copy the whole DSN of the project (https://<key>@<host>/<project id>), or leave it empty",
  );

/** A word that is neither is refused: an owner by mistake would poll and write beside the one there is. */
const database = z.object({
  DATABASE_MODE: z
    .enum(["owner", "reader"], {
      error: "DATABASE_MODE must be owner or reader: correct it in wrangler.toml",
    })
    .default("owner"),
});

const storage = z.object({
  /** A word that is neither keeps: what was not archived cannot be played again. */
  ARCHIVE_RAW: z.enum(["on", "off"]).catch("on"),
});

const jobSwitches = z.object({
  /** A word that is neither asks for nothing: what is off, health shows. */
  POLL_OBD: z.enum(["on", "off"]).catch("off"),
  CANARY: z.enum(["on", "off"]).catch("off"),
});

const ledger = z.object({
  LEDGER_PENDING_S: z.coerce
    .number({ error: "LEDGER_PENDING_S must be a number of seconds: correct it in wrangler.toml" })
    .min(0)
    .max(24 * 3600)
    .default(settings.ledgerPendingS),
});

const geocoder = z
  .object({
    GEOCODER_URL: z.string().default(PUBLIC_GEOCODER).transform(geocoderUrl),
    GEOCODER_EMAIL: z
      .union([
        z.literal(""),
        z.email("GEOCODER_EMAIL is not an e-mail address: correct it in wrangler.toml, or leave it empty"),
      ])
      .default(""),
  })
  .refine(
    ({ GEOCODER_URL: url, GEOCODER_EMAIL }) => url === null || !isPublic(url) || GEOCODER_EMAIL !== "",
    {
      message:
        "GEOCODER_EMAIL is empty: the public Nominatim wants to know whom to write to. Set it in wrangler.toml, or GEOCODER_URL to a Nominatim of your own, or to nothing, which leaves trips without addresses",
    },
  );

const days = (name: string, usual: number) => {
  const error = `${name} must be a whole number of days from 7 to 3650: correct it in wrangler.toml, or leave it out for ${usual}`;
  return z.coerce.number({ error }).int(error).min(7, error).max(3_650, error).default(usual);
};

/** Nothing is asked for again that is older, and no day that far back is computed again. */
const keptDays = (name: string) => {
  const error = `${name} must be a whole number of days from 100 to 3650: correct it in wrangler.toml, or leave it out to keep all`;
  return z.coerce.number({ error }).int(error).min(100, error).max(3_650, error).nullable().default(null);
};

/** Facts that need not be kept for ever. */
const retention = z.object({
  RETAIN_POSITIONS_DAYS: keptDays("RETAIN_POSITIONS_DAYS"),
  RETAIN_READINGS_DAYS: keptDays("RETAIN_READINGS_DAYS"),
});

const housekeeping = retention.extend({
  RETAIN_INGESTION_LOG_DAYS: days("RETAIN_INGESTION_LOG_DAYS", settings.retainIngestionLogDays),
  RETAIN_REFRESH_LOG_DAYS: days("RETAIN_REFRESH_LOG_DAYS", settings.retainRefreshLogDays),
  RETAIN_RECEIPT_HOURS_DAYS: days("RETAIN_RECEIPT_HOURS_DAYS", settings.retainReceiptHoursDays),
  RETAIN_REJECTED_ITEMS_DAYS: days("RETAIN_REJECTED_ITEMS_DAYS", settings.retainRejectedItemsDays),
  RETAIN_DRIVER_SIGHTINGS_DAYS: days("RETAIN_DRIVER_SIGHTINGS_DAYS", settings.retainDriverSightingsDays),
  RETAIN_CANARY_RUNS_DAYS: days("RETAIN_CANARY_RUNS_DAYS", settings.retainCanaryRunsDays),
  RETAIN_AUDIT_DAYS: days("RETAIN_AUDIT_DAYS", settings.retainAuditDays),
});

/** Apart from the rest, so that what else is missing can be reported. */
const reporting = z.object({ ENVIRONMENT: z.string().catch("unknown"), SENTRY_DSN: sentryDsn });

/** `name=value` after `name=value`, separated by commas. */
const pairs = (name: string, value: RegExp) =>
  list
    .refine(
      (entries) => entries.every((entry) => value.test(entry)),
      `${name} holds what is none of its form, name=value separated by commas: docs/compat.md has examples`,
    )
    .transform(
      (entries): Record<string, string> =>
        Object.fromEntries(
          entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
        ),
    );

/** The paths of the system before this one. */
const oldPaths = z.object({
  OLD_PATHS_ACCESS: z
    .enum(["origin", "key", "off"], {
      error: "OLD_PATHS_ACCESS must be origin, key or off: correct it in wrangler.toml",
    })
    .default("off"),
  /** Where one is elsewhere than assumed: live=/api/live */
  OLD_PATHS: pairs("OLD_PATHS", /^[a-z-]+=(\/[\w.{}-]+)+$/),
  /** What a field of theirs is called here: zone=city,page=ignore */
  OLD_FILTERS: pairs(
    "OLD_FILTERS",
    /^[\w.[\]-]+=(imei|account|city|segment|vehicle_type|plate|driver|status|q|from|to|ignore)$/,
  ),
});

const service = oldPaths
  .extend({
    ...database.shape,
    ENVIRONMENT: z.enum(["dev", "staging", "production"], {
      error: "ENVIRONMENT must be dev, staging or production: set it in wrangler.toml",
    }),
    API_HOSTS: list,
    PUSH_HOSTS: list,
    LIVE_RECONCILE_EVERY_S: z.coerce
      .number({ error: "LIVE_RECONCILE_EVERY_S must be a number of seconds: correct it in wrangler.toml" })
      .min(0)
      // Streams are tended as often: later than every 10 s, clients would think the line dead.
      .max(10)
      .default(settings.liveReconcileEveryS),
    CORS_ORIGINS: list,
    OPEN_READS: z
      .string()
      .default("")
      .transform((value) => value === "1"),
    SENTRY_DSN: sentryDsn,
  })
  .refine((config) => !config.OPEN_READS || config.ENVIRONMENT === "dev", {
    message: "OPEN_READS=1 is for the local stack only: remove it and make keys with `npm run keys`",
  })
  .refine((config) => config.API_HOSTS.length > 0 || config.ENVIRONMENT === "dev", {
    message:
      "API_HOSTS is empty: name the host of the API in wrangler.toml; only the local stack serves every host",
  })
  .refine((config) => config.DATABASE_MODE === "owner" || config.PUSH_HOSTS.length === 0, {
    message:
      "PUSH_HOSTS names a host although DATABASE_MODE is reader: pushes go to the environment that owns the database",
  })
  .superRefine(({ CORS_ORIGINS, ENVIRONMENT }, context) => {
    for (const entry of CORS_ORIGINS.filter((entry) => !isPageOrigin(entry, ENVIRONMENT === "dev"))) {
      context.addIssue(
        `CORS_ORIGINS holds ${entry}: list origins like https://map.example.com in wrangler.toml, without a path; * and http:// are for the local stack only`,
      );
    }
  });

/** A token is a segment of a path, and long enough that nobody guesses it. */
export const PUSH_TOKEN = /^[A-Za-z0-9_-]{16,200}$/;

/** Cloudflare Access, where it stands before hosts of the API or of analysts. */
const access = z
  .object({
    ACCESS_TEAM: z
      .string()
      .default("")
      .refine(
        (team) => team === "" || (URL.canParse(team) && new URL(team).origin === team),
        "ACCESS_TEAM is not the address of a team: write it like https://example.cloudflareaccess.com, without a path",
      ),
    ACCESS_AUDIENCE: z.string().default(""),
  })
  .refine(
    ({ ACCESS_TEAM, ACCESS_AUDIENCE }) => (ACCESS_TEAM === "") === (ACCESS_AUDIENCE === ""),
    "ACCESS_TEAM and ACCESS_AUDIENCE go together: set both in wrangler.toml, or neither",
  )
  .transform(({ ACCESS_TEAM, ACCESS_AUDIENCE }) =>
    ACCESS_TEAM === "" ? null : { team: ACCESS_TEAM, audience: ACCESS_AUDIENCE },
  );

/** Which host is which door; nothing in it can be wrong. */
const doors = z.object({
  PUSH_HOSTS: list.transform(lowerCase),
  API_HOSTS: list.transform(lowerCase),
  MCP_HOSTS: list.transform(lowerCase),
});

const analystNumber = (name: string, usual: number, least: number, most: number) => {
  const error = `${name} must be a whole number from ${least} to ${most}: correct it in wrangler.toml, or leave it out for ${usual}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error).default(usual);
};

/** What analysts may take. */
const analysts = z.object({
  ANALYST_ROWS: analystNumber("ANALYST_ROWS", analystLimits.rows, 1, 100_000),
  ANALYST_MOST_ROWS: analystNumber("ANALYST_MOST_ROWS", analystLimits.mostRows, 1, 100_000),
  // More would not fit into a Worker twice.
  ANALYST_MOST_BYTES: analystNumber("ANALYST_MOST_BYTES", analystLimits.mostBytes, 10_000, 16_000_000),
  ANALYST_STATEMENT_S: analystNumber("ANALYST_STATEMENT_S", analystLimits.statementS, 1, 300),
  ANALYST_AT_ONCE: analystNumber("ANALYST_AT_ONCE", analystLimits.atOnce, 1, 100),
  ANALYST_WAIT_S: analystNumber("ANALYST_WAIT_S", analystLimits.waitS, 0, 60),
  ANALYST_REQUESTS_PER_S: analystNumber("ANALYST_REQUESTS_PER_S", analystLimits.requestsPerS, 1, 1_000),
  ANALYST_BURST: analystNumber("ANALYST_BURST", analystLimits.burst, 1, 10_000),
  ANALYST_DAY_S: analystNumber("ANALYST_DAY_S", analystLimits.dayS, 1, 1_000_000),
  ANALYST_DAY_BYTES: analystNumber("ANALYST_DAY_BYTES", analystLimits.dayBytes, 1, Number.MAX_SAFE_INTEGER),
  ANALYST_MOST_COST: analystNumber("ANALYST_MOST_COST", analystLimits.mostCost, 1, Number.MAX_SAFE_INTEGER),
});

const pushes = z.object({
  ENVIRONMENT: z.string().catch("unknown"),
  PUSH_TOKENS: list.refine(
    (tokens) => tokens.length <= 2 && tokens.every((token) => PUSH_TOKEN.test(token)),
    "PUSH_TOKENS holds the current token and, while it is changed, the previous one after a comma; each has 16 to 200 letters, digits, - or _",
  ),
});

/** Whose data is polled, and with which credentials. */
export type VendorConfig = z.output<typeof vendor>;
/** Who may push, and where. */
export type PushConfig = z.output<typeof pushes>;
/** Where addresses are looked up, and in whose name. */
export type GeocoderConfig = z.output<typeof geocoder>;
/** Variables that switch jobs. */
export type JobSwitch = keyof z.output<typeof jobSwitches>;
/** How this deployment serves. */
export type ServiceConfig = z.output<typeof service>;

/** The configuration cannot be used; the message lists every problem with its remedy. */
export class Misconfigured extends Error {
  override name = "Misconfigured";
}

/** Parses what the polls need, once per isolate. @throws Misconfigured */
export const vendorConfig = oncePerEnv(vendor);

/** Parses what the API needs, once per isolate. @throws Misconfigured */
export const serviceConfig = oncePerEnv(service);

/** Parses which hosts lead to which door, once per isolate. */
export const doorHosts = oncePerEnv(doors);

/** Parses what the push door needs, once per isolate. @throws Misconfigured */
export const pushConfig = oncePerEnv(pushes);

/** Whose word for who somebody is counts, and for which application. */
export type AccessConfig = NonNullable<z.output<typeof access>>;

/** Parses whether Cloudflare Access stands in front, once per isolate; null where it does not. @throws Misconfigured */
export const accessConfig = oncePerEnv(access);

/** What analysts may take. */
export type AnalystConfig = z.output<typeof analysts>;

/** Parses what analysts may take, once per isolate. @throws Misconfigured */
export const analystConfig = oncePerEnv(analysts);

const databaseConfig = oncePerEnv(database);

/**
 * Whether this environment only reads a database that another one owns: it has no migrations, crons, consumers, pushes
 * or canary device. @throws Misconfigured
 */
export const isReader = (env: object): boolean => databaseConfig(env).DATABASE_MODE === "reader";

/** Parses what is kept of what arrives, once per isolate. */
export const storageConfig = oncePerEnv(storage);

/** Parses where addresses are looked up, once per isolate; nowhere where `GEOCODER_URL` is null. @throws Misconfigured */
export const geocoderConfig = oncePerEnv(geocoder);

/** Parses which jobs are on, once per isolate. */
export const jobSwitchConfig = oncePerEnv(jobSwitches);

/** Parses how the books are judged, once per isolate. @throws Misconfigured */
export const ledgerConfig = oncePerEnv(ledger);

/** Parses how long what is not kept for ever is kept, once per isolate. @throws Misconfigured */
export const housekeepingConfig = oncePerEnv(housekeeping);

/** Parses how long positions and readings are kept, once per isolate. @throws Misconfigured */
export const retentionConfig = oncePerEnv(retention);

/** Parses where failures are reported to, once per isolate. @throws Misconfigured */
export const reportingConfig = oncePerEnv(reporting);

/** A reader of a schema that parses each environment once. Its errors list everything that is wrong, with the remedies. */
export function oncePerEnv<Schema extends z.ZodType>(schema: Schema): (env: object) => z.output<Schema> {
  const parsed = new WeakMap<object, z.output<Schema>>();
  return (env) => {
    const known = parsed.get(env);
    if (known !== undefined) return known;
    const result = schema.safeParse(env);
    if (!result.success) {
      throw new Misconfigured(result.error.issues.map((issue) => issue.message).join("\n"));
    }
    parsed.set(env, result.data);
    return result.data;
  };
}

/** As the host of a URL is. */
function lowerCase(hosts: string[]): string[] {
  return hosts.map((host) => host.toLowerCase());
}

/** A bare origin, written as a browser would send it; a pattern is none. */
function isPageOrigin(entry: string, local: boolean): boolean {
  if (entry === "*") return local;
  const isBare = URL.canParse(entry) && new URL(entry).origin === entry && !entry.includes("*");
  return isBare && (entry.startsWith("https://") || (local && entry.startsWith("http://")));
}

/** A base URL that holds only the host gets the path of Nominatim; none at all is null. */
function geocoderUrl(text: string, context: z.RefinementCtx): string | null {
  if (text.trim() === "") return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    context.addIssue(`GEOCODER_URL is not a URL that begins with https://: ${text}`);
    return z.NEVER;
  }
  if (url.pathname === "/") url.pathname = "/reverse";
  return url.href;
}

const isPublic = (url: string) => new URL(url).host === new URL(PUBLIC_GEOCODER).host;

/** A base URL that holds only the host gets the vendor's path (reference §1.1). */
function withRoute(text: string, context: z.RefinementCtx): string {
  if (!URL.canParse(text)) {
    context.addIssue(`TRACKSOLID_API_URL is not a URL: ${text}`);
    return z.NEVER;
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    context.addIssue(`TRACKSOLID_API_URL does not begin with https://: ${text}`);
    return z.NEVER;
  }
  if (url.pathname === "/") url.pathname = "/route/rest";
  return url.href;
}
