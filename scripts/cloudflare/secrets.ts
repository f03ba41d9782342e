import * as z from "zod";
import type { Environment } from "./environment.ts";
import { jsonOf } from "./output.ts";
import { WranglerFailed, wrangler } from "./wrangler.ts";

const listed = z.array(z.object({ name: z.string() }));

/** Names of the secrets that the Worker needs and has not; null where there is no Worker yet. */
export async function missingSecrets(
  root: string,
  { environment, requiredSecrets }: Environment,
): Promise<string[] | null> {
  try {
    const output = await wrangler(root, ["secret", "list", "--env", environment]);
    const there = listed.parse(jsonOf(output)).map(({ name }) => name);
    return requiredSecrets.filter((name) => !there.includes(name));
  } catch (error) {
    if (error instanceof WranglerFailed && /Worker ".*" .*not found/.test(error.output)) return null;
    throw error;
  }
}

/** The same, each in a sentence that says what to do. */
export async function secretFaults(root: string, environment: Environment): Promise<string[]> {
  const missing = (await missingSecrets(root, environment)) ?? [];
  return missing.map(
    (name) =>
      `The secret ${name} is missing: npx wrangler secret put ${name} --env ${environment.environment}`,
  );
}
