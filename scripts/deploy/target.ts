import { type Deployment, lastDeployments, readVersion, soleVersion, type Version } from "./account.ts";
import { objectsDiffer } from "./objects.ts";

/** Where a rollback leads, and from where. */
export interface Target {
  now: Version;
  to: Version;
  /** Whether Durable Object classes changed anywhere between the two. */
  crossesObjects: boolean;
}

/**
 * The version to go back to: `wanted`; or where two share the traffic the one that had it before; or the one before.
 * @throws where there is none
 */
export async function readTarget(
  root: string,
  environment: string,
  wanted: string | undefined,
): Promise<Target> {
  const deployments = await lastDeployments(root, environment);
  const [active, ...before] = deployments;
  if (!active) throw new Error(`Nothing is deployed to ${environment}.`);
  const newest = newestOf(active, before);
  if (newest === undefined) throw new Error(`Nothing is deployed to ${environment}.`);
  const to = wanted ?? before.map(soleVersion).find((version) => version !== null && version !== newest);
  if (!to) throw new Error(`${environment} has no version before this one.`);
  if (to === soleVersion(active)) throw new Error(`${environment} is version ${to} already.`);
  // From the newest to the oldest that has the version: what lies between counts, too.
  const last = deployments.findLastIndex(({ versions }) =>
    versions.some(({ version_id }) => version_id === to),
  );
  const passed = deployments.slice(0, last === -1 ? undefined : last + 1);
  const ids = new Set([
    newest,
    ...passed.flatMap(({ versions }) => versions.map(({ version_id }) => version_id)),
    to,
  ]);
  const versions = await Promise.all([...ids].map((id) => readVersion(root, environment, id)));
  const [now] = versions;
  const target = versions.find(({ id }) => id === to);
  if (!now || !target)
    throw new Error(`Version ${to} is not there: see npx wrangler versions list --env ${environment}.`);
  return {
    now,
    to: target,
    crossesObjects: versions.some(({ objects }) => objectsDiffer(objects, target.objects)),
  };
}

/** Where two share the traffic, the one that came last. */
function newestOf(active: Deployment, before: Deployment[]): string | undefined {
  const known = before.flatMap(({ versions }) => versions.map(({ version_id }) => version_id));
  const [first] = active.versions;
  return (active.versions.find(({ version_id }) => !known.includes(version_id)) ?? first)?.version_id;
}
