import { fileURLToPath } from "node:url";
import { folderStore } from "./folder.ts";
import { s3Store } from "./s3.ts";
import type { Store } from "./store.ts";

type Environment = Record<string, string | undefined>;

const EXAMPLE = "s3://bucket/prefix?endpoint=https://<account>.r2.cloudflarestorage.com&region=auto";

/** For the help of commands that have a store. */
export const STORE_HELP = `BACKUP_STORE is ${EXAMPLE}, with
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a folder: /mnt/backups.`;

/** Of buckets and prefixes: s3mini signs others wrongly. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The store that a variable names. @throws with what to set */
export function storeOf(environment: Environment, variable = "BACKUP_STORE"): Store {
  const text = environment[variable];
  if (!text) throw new Error(`Set ${variable} to where it is: ${EXAMPLE}, or a folder.`);
  return openStore(text, environment);
}

/**
 * A store by its URL. Nothing is asked of it yet.
 * @throws with what to correct. A URL has no secrets: it is shown.
 */
export function openStore(text: string, environment: Environment): Store {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return folderStore(text);
  const url = URL.parse(text);
  if (url?.protocol === "file:" && url.host === "") return folderStore(fileURLToPath(url.href));
  if (url?.username || url?.password) {
    throw new Error("The URL of a store has no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
  }
  if (url?.protocol !== "s3:") throw new Error(`"${text}" is no store: write ${EXAMPLE}, or a folder.`);
  const folders = url.pathname.split("/").filter((part) => part !== "");
  const odd = [url.hostname, ...folders].find((part) => !NAME.test(part));
  if (odd !== undefined)
    throw new Error(`"${odd}" in the URL of a store is no name of letters, digits, ".", "_" and "-".`);
  const strange = [...url.searchParams.keys()].find((name) => name !== "endpoint" && name !== "region");
  if (strange !== undefined) throw new Error(`The URL of a store has no "${strange}": write ${EXAMPLE}.`);
  const endpoint = URL.parse(url.searchParams.get("endpoint") ?? "");
  if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.pathname !== "/") {
    throw new Error(`The URL of a store says which service it is: ${EXAMPLE}.`);
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the keys of a token for the bucket.");
  }
  return s3Store(
    {
      endpoint,
      bucket: url.hostname,
      prefix: folders.map((part) => `${part}/`).join(""),
      region: url.searchParams.get("region") ?? "auto",
    },
    { accessKeyId, secretAccessKey },
  );
}
