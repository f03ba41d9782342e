import { secretName } from "../../shared/access.ts";
import type { SecretKind } from "./kinds.ts";
import { namespaceOf } from "./namespace.ts";
import type { Target } from "./target.ts";

/** What KV keeps of any secret. */
type Kept = { id: string; createdAt: string };

/** Makes a secret and stores its hash. @returns The secret, which nobody can read again. */
export async function createSecret<Own extends Kept>(
  root: string,
  target: Target,
  { prefix, make }: SecretKind<Own>,
  record: Own,
): Promise<string> {
  const secret = make(record);
  const name = await secretName(prefix, secret);
  await namespaceOf(root, target).put({ name, value: JSON.stringify(record), metadata: record });
  return secret;
}

/** Every secret of a kind in the namespace, oldest first. */
export async function listSecrets<Own extends Kept>(
  root: string,
  target: Target,
  { prefix, record }: SecretKind<Own>,
): Promise<{ name: string; record: Own }[]> {
  const entries = await namespaceOf(root, target).list(prefix);
  return entries
    .flatMap(({ name, metadata }) => {
      const parsed = record.safeParse(metadata);
      return parsed.success ? [{ name, record: parsed.data }] : [];
    })
    .sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt));
}

/** Deletes a secret by its id. Edge locations forget it within a minute. @returns Whether it existed. */
export async function revokeSecret<Own extends Kept>(
  root: string,
  target: Target,
  kind: SecretKind<Own>,
  id: string,
): Promise<boolean> {
  const found = (await listSecrets(root, target, kind)).find(({ record }) => record.id === id);
  if (!found) return false;
  await namespaceOf(root, target).delete(found.name);
  return true;
}
