import * as z from "zod";
import { newSecret, secretName } from "./access.ts";

/** Schemas that analysts may be let into. The catalogue and half of the tools live in the first, so everybody has it. */
export const ANALYST_SCHEMAS = ["reporting", "tracksolid", "tickets", "fuel"] as const;
export type AnalystSchema = (typeof ANALYST_SCHEMAS)[number];

/** The role that the door logs in as. It reads all of these schemas. */
export const ANALYST_ROLE = "analytics_ro";

/** The role that reads these schemas alone, and `reporting`; null where that is all of them, for which the door's own will do. */
export function roleOf(schemas: readonly AnalystSchema[]): string | null {
  const read = ANALYST_SCHEMAS.filter((schema) => schema === "reporting" || schemas.includes(schema));
  return read.length === ANALYST_SCHEMAS.length ? null : [ANALYST_ROLE, ...read].join("_");
}

/** Prefix of an analyst's token in KV; the rest is its SHA-256. */
export const ANALYST_PREFIX = "analyst:";

/** Prefix of an analyst who needs no token; the rest is the SHA-256 of the e-mail address, in lower case. */
export const MAIL_PREFIX = `${ANALYST_PREFIX}mail:`;

/** What KV keeps of an analyst, under `analyst:<SHA-256 of the token>`; the same object is the entry's metadata. */
export const analystRecord = z.object({
  id: z.string(),
  /** Who it is, as the audit names them. */
  name: z.string(),
  /** Of who comes through Cloudflare Access, instead of with a token. */
  email: z.email().nullable().default(null),
  schemas: z.array(z.enum(ANALYST_SCHEMAS)).refine((schemas) => schemas.includes("reporting")),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type AnalystRecord = z.output<typeof analystRecord>;

/** What a token looks like: 32 random bytes behind its kind. */
export const TOKEN_FORM = /^an_[A-Za-z0-9_-]{43}$/;

/** The name under which KV keeps a token. */
export const tokenName = (token: string): Promise<string> => secretName(ANALYST_PREFIX, token);

/** The name under which KV keeps who comes through Cloudflare Access. No token has it: after their prefix is nothing but a hash. */
export const mailName = (email: string): Promise<string> => secretName(MAIL_PREFIX, email.toLowerCase());

/** A new token. Shown once: only its hash is kept. */
export const newToken = (): string => newSecret("an");
