import { readFile } from "node:fs/promises";
import { identityToRecipient } from "age-encryption";
import { reasonOf } from "../command.ts";
import type { Manifest } from "./manifest.ts";

const SECRET_KEY = /^AGE-SECRET-KEY-/i;

/** More is no file of keys. */
const MOST_CHARACTERS = 100_000;

/**
 * Secret keys that open a backup: those of a file as `age-keygen` writes it, or of BACKUP_IDENTITY, which names such a file or is a key.
 * @param file The file, where a call names one.
 * @returns none where neither is given
 * @throws with what to do
 */
export async function readIdentities(
  environment: Record<string, string | undefined>,
  file?: string,
): Promise<string[]> {
  const named = file ?? environment.BACKUP_IDENTITY?.trim();
  if (!named) return [];
  if (SECRET_KEY.test(named) && file !== undefined) {
    throw new Error(
      "--identity has a secret key, which the list of processes shows: set BACKUP_IDENTITY to it, or name a file.",
    );
  }
  const where = SECRET_KEY.test(named) ? "BACKUP_IDENTITY" : named;
  const text = SECRET_KEY.test(named) ? named : await readKeys(named);
  const identities = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.length === 0) throw new Error(`${where} has no secret key (AGE-SECRET-KEY-…).`);
  for (const identity of identities) {
    await identityToRecipient(identity).catch(() => {
      // What it has instead may be a secret of another kind, and is not shown.
      throw new Error(`${where} has something else than secret keys of age (AGE-SECRET-KEY-…).`);
    });
  }
  return identities;
}

async function readKeys(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error) => {
    throw new Error(`The file of secret keys cannot be read: ${reasonOf(error)}`);
  });
  if (text.length > MOST_CHARACTERS) throw new Error(`${file} is no file of secret keys.`);
  return text;
}

/** @throws where none of these keys opens the backup */
export async function refuseWrongKey(
  { id, recipients }: Pick<Manifest, "id" | "recipients">,
  identities: readonly string[],
): Promise<void> {
  const ours = await Promise.all(identities.map((identity) => identityToRecipient(identity)));
  if (ours.some((recipient) => recipients.includes(recipient))) return;
  throw new Error(
    `The backup ${id} is for the key of ${recipients.join(" or of ")}; the one that is given is of ${ours.join(", ")}. Give the secret key of one of those.`,
  );
}
