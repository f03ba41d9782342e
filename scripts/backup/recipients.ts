import { createHash } from "node:crypto";
import { Encrypter } from "age-encryption";

/** So many characters of a SHA-256 tell sets of recipients apart. */
const DIGEST_LENGTH = 16;

/** Stands for who can open an object, whatever order they are named in. */
export function digestOfRecipients(recipients: readonly string[]): string {
  const text = [...new Set(recipients)].sort().join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, DIGEST_LENGTH);
}

/** Public keys as BACKUP_RECIPIENTS has them: one or more, with commas or spaces between. @throws with what to do */
export function readRecipients(text: string | undefined): string[] {
  const recipients = [...new Set((text ?? "").split(/[\s,]+/).filter((word) => word !== ""))].sort();
  if (recipients.length === 0) {
    throw new Error(
      "Set BACKUP_RECIPIENTS to the public keys (age1…) that can open the backup: npm run -s backup -- new-key makes one.",
    );
  }
  for (const recipient of recipients) {
    // Not shown whole: whoever mistakes one for the other has put the secret key there.
    if (/^AGE-SECRET-KEY-/i.test(recipient)) {
      throw new Error(
        "BACKUP_RECIPIENTS has a secret key, which opens backups and has no place where they are made: name the public key (age1…) instead.",
      );
    }
    try {
      new Encrypter().addRecipient(recipient);
    } catch {
      throw new Error(`BACKUP_RECIPIENTS: "${recipient.slice(0, 80)}" is no public key of age (age1…).`);
    }
  }
  return recipients;
}
