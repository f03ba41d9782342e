import type * as z from "zod";
import { KEY_PREFIX, type KeyRecord, keyRecord, newKey } from "../../shared/access.ts";
import {
  ANALYST_PREFIX,
  type AnalystRecord,
  analystRecord,
  MAIL_PREFIX,
  newToken,
} from "../../shared/analysts.ts";

/** Secrets of one kind: KV keeps of each its hash, and what it is for. */
export interface SecretKind<Kept extends { id: string; createdAt: string }> {
  /** Of their names in KV. */
  prefix: string;
  record: z.ZodType<Kept>;
  make(record: Kept): string;
}

export const apiKeys: SecretKind<KeyRecord> = {
  prefix: KEY_PREFIX,
  record: keyRecord,
  // What a person is known by is no secret.
  make: ({ kind, email = "" }) => (kind === "person" ? email : newKey(kind)),
};

export const analystTokens: SecretKind<AnalystRecord> = {
  prefix: ANALYST_PREFIX,
  record: analystRecord,
  make: newToken,
};

/** Analysts who come through Cloudflare Access: what they are known by is no secret. */
export const analystMails: SecretKind<AnalystRecord> = {
  prefix: MAIL_PREFIX,
  record: analystRecord,
  make: ({ email }) => email ?? "",
};
