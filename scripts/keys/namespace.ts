import { deployedNamespace } from "./deployed-namespace.ts";
import { localNamespace } from "./local-namespace.ts";
import type { Target } from "./target.ts";

/** An entry of the KV namespace of keys. */
export interface Entry {
  name: string;
  metadata: unknown;
}

/** The KV namespace of keys, as far as it is needed. */
export interface Namespace {
  put(entry: Entry & { value: string }): Promise<void>;
  /** All entries whose names begin so. */
  list(prefix: string): Promise<Entry[]>;
  delete(name: string): Promise<void>;
}

/** The namespace of a target, for the tree in a folder. */
export const namespaceOf = (root: string, target: Target): Namespace =>
  "environment" in target
    ? deployedNamespace(root, target.environment)
    : localNamespace(root, target.persistTo);
