import * as z from "zod";
import { jsonOf } from "../cloudflare/output.ts";
import { WranglerFailed, wrangler } from "../cloudflare/wrangler.ts";
import { type Note, readNote } from "./note.ts";
import type { Objects } from "./objects.ts";

const deployment = z.object({
  id: z.string(),
  created_on: z.string(),
  author_email: z.string().optional(),
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});

/** Which versions had the traffic, and in which parts. */
export type Deployment = z.output<typeof deployment>;

const version = z.object({
  id: z.string(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  resources: z.object({
    bindings: z
      .array(
        z.object({
          type: z.string(),
          class_name: z.string().optional(),
          script_name: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

/** A version that was uploaded. */
export interface Version {
  id: string;
  note: Note | null;
  objects: Objects;
}

/** The Worker is not there yet, or was never deployed. */
const NOTHING_THERE = /\[code: 10007\]|has no deployments/;

/** What has the traffic now; null before the first deploy. */
export const activeDeployment = (root: string, environment: string): Promise<Deployment | null> =>
  asked(root, ["deployments", "status", "--json", "--env", environment], deployment);

/** The last ten, newest first; none before the first deploy. */
export async function lastDeployments(root: string, environment: string): Promise<Deployment[]> {
  const words = ["deployments", "list", "--json", "--env", environment];
  const deployments = (await asked(root, words, z.array(deployment))) ?? [];
  return deployments.sort((a, b) => b.created_on.localeCompare(a.created_on));
}

async function asked<Own>(root: string, words: string[], schema: z.ZodType<Own>): Promise<Own | null> {
  try {
    return schema.parse(jsonOf(await wrangler(root, words)));
  } catch (error) {
    if (error instanceof WranglerFailed && NOTHING_THERE.test(error.output)) return null;
    throw error;
  }
}

export async function readVersion(root: string, environment: string, id: string): Promise<Version> {
  const output = await wrangler(root, ["versions", "view", id, "--json", "--env", environment]);
  const { annotations, resources } = version.parse(jsonOf(output));
  const note = readNote(String(annotations?.["workers/message"] ?? ""));
  const classes = resources.bindings.flatMap(({ type, class_name, script_name }) =>
    type === "durable_object_namespace" && class_name !== undefined && script_name === undefined
      ? class_name
      : [],
  );
  return { id, note, objects: { digest: note?.objects ?? null, classes } };
}

/** The version that has all the traffic; null where two share it. */
export const soleVersion = ({ versions }: Deployment): string | null =>
  versions.find(({ percentage }) => percentage === 100)?.version_id ?? null;

/** Who has how much of the traffic, in words. */
export const partsOf = ({ versions }: Deployment): string =>
  versions.map(({ version_id, percentage }) => `${version_id} at ${percentage} %`).join(", ");
