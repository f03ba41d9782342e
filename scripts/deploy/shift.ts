import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wrangler } from "../cloudflare/wrangler.ts";
import { activeDeployment, type Deployment, partsOf } from "./account.ts";

/** Calls wrangler, and @returns what it writes of that kind into the file for programs. */
async function told(root: string, words: string[], type: string): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), "tracksolid-deploy-"));
  try {
    const file = join(folder, "output.ndjson");
    await wrangler(root, words, { environment: { WRANGLER_OUTPUT_FILE_PATH: file } });
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return entries.findLast((entry) => entry.type === type) ?? {};
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Upload {
  environment: string;
  /** What is written on the version. */
  message: string;
  commit: string;
  secretsFile: string | undefined;
}

const uploadWords = ({ environment, message, commit, secretsFile }: Upload): string[] => [
  ...["--env", environment, "--message", message, "--tag", commit],
  ...(secretsFile === undefined ? [] : ["--secrets-file", secretsFile]),
];

/** Uploads a version that serves nobody yet. @returns its id */
export const uploadVersion = (root: string, upload: Upload): Promise<string> =>
  versionOf(root, ["versions", "upload", ...uploadWords(upload)], "version-upload");

/** Uploads a version that serves everybody at once. @returns its id */
export const deployAtOnce = (root: string, upload: Upload): Promise<string> =>
  versionOf(root, ["deploy", ...uploadWords(upload)], "deploy");

async function versionOf(root: string, words: string[], type: string): Promise<string> {
  const { version_id } = await told(root, words, type);
  if (typeof version_id === "string") return version_id;
  throw new Error(
    `wrangler ${words[0]} did not say which version it uploaded: see npx wrangler versions list.`,
  );
}

/** Divides the traffic. @returns the id of the deployment */
export async function shift(
  root: string,
  environment: string,
  parts: [version: string, percentage: number][],
): Promise<string> {
  const specs = parts.map(([version, percentage]) => `${version}@${percentage}`);
  const words = ["versions", "deploy", ...specs, "--env", environment, "--yes"];
  const { deployment_id } = await told(root, words, "version-deploy");
  return String(deployment_id);
}

/** @throws where the traffic is not as we left it: somebody else deployed meanwhile */
export async function refuseOthers(
  root: string,
  environment: string,
  expected: Pick<Deployment, "id"> | null,
): Promise<void> {
  const now = await activeDeployment(root, environment);
  if (now?.id === expected?.id) return;
  const who = now?.author_email ? ` by ${now.author_email}` : "";
  throw new Error(
    `Somebody else deployed ${environment} meanwhile${who}: ${(now && partsOf(now)) || "nothing is deployed any more"}. Nothing more was done here; talk to them, and run this again.`,
  );
}
